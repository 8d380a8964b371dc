import { eachStep } from './lint.ts';
import { type Passed, passedBefore } from './passed.ts';
import { type Reading, refuse, warn } from './read.ts';
import type { Scenario, Step } from './scenario.ts';

/** For every send, by the JSON of its path: whether everybody who comes to it has passed a recommend step since the send before. */
export const recommendsBefore = (steps: Step[]): Map<string, Passed> =>
  passedBefore(
    steps,
    (step) => 'recommend' in step,
    (step) => 'send' in step,
  );

/** Recommendations are advertising, and stand in the message that follows them. */
export function lintRecommend(reading: Reading, scenario: Pick<Scenario, 'kind' | 'steps'>): void {
  const isEverSent = [...recommendsBefore(scenario.steps).values()].some((passed) => passed !== 'never');
  eachStep(scenario.steps, ['steps'], (step, path) => {
    if (!('recommend' in step)) return;
    if (scenario.kind === 'service') {
      refuse(reading, [...path, 'recommend'], 'recommend-in-service', {
        message: 'サービス連絡(kind が service)では、おすすめ商品を使えません。',
        messageEn: 'A service scenario may recommend nothing.',
        suggestion: 'おすすめを送るなら "kind": "marketing" の、別のシナリオにしてください。',
        suggestionEn: 'Use a marketing scenario of its own.',
      });
    } else if (!isEverSent) {
      warn(reading, [...path, 'recommend'], 'recommend-unsent', {
        message: 'このおすすめのあとに配信がないので、だれにも届きません。',
        messageEn: 'No message follows this recommendation, so nobody sees it.',
        suggestion: 'あとに send のステップを続けてください。',
        suggestionEn: 'Add a send step after it.',
      });
    }
  });
}
