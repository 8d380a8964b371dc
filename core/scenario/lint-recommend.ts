import { eachStep } from './lint.ts';
import { isService } from './lint-coupons.ts';
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
  const before = recommendsBefore(scenario.steps);
  const isEverSent = [...before.values()].some((passed) => passed !== 'never');
  eachStep(scenario.steps, ['steps'], (step, path) => {
    if ('send' in step && isService(scenario, step) && before.get(JSON.stringify(path)) !== 'never') {
      refuse(reading, [...path, 'send'], 'recommend-in-service', {
        message: 'サービス連絡(kind が service)の配信のすぐ前で、おすすめ商品を選んでいます。',
        messageEn: 'A recommendation stands before a service message, which may recommend nothing.',
        suggestion: 'おすすめは、販促("kind": "marketing")の配信の前に置いてください。',
        suggestionEn: 'Put it before a marketing message.',
      });
    }
    if (!('recommend' in step) || isEverSent) return;
    warn(reading, [...path, 'recommend'], 'recommend-unsent', {
      message: 'このおすすめのあとに配信がないので、だれにも届きません。',
      messageEn: 'No message follows this recommendation, so nobody sees it.',
      suggestion: 'あとに send のステップを続けてください。',
      suggestionEn: 'Add a send step after it.',
    });
  });
}
