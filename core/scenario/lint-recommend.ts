import { eachStep } from './lint.ts';
import { kindsAfter } from './lint-coupons.ts';
import { type Passed, passedBefore } from './passed.ts';
import { type Reading, refuse, warn } from './read.ts';
import type { Scenario } from './scenario.ts';

/** For every send, by the JSON of its path: whether everybody who comes to it has passed a recommend step since the marketing before. */
export const recommendsBefore = ({ kind, steps }: Pick<Scenario, 'kind' | 'steps'>): Map<string, Passed> =>
  passedBefore(
    steps,
    (step) => 'recommend' in step,
    (step) => 'send' in step && (step.send.kind ?? kind) === 'marketing',
  );

/** Recommendations are advertising, and stand in the marketing message that follows them. */
export function lintRecommend(reading: Reading, scenario: Pick<Scenario, 'kind' | 'steps'>): void {
  const kinds = kindsAfter(scenario, recommendsBefore(scenario));
  if (kinds.has('marketing')) return;
  const isOfService = scenario.kind === 'service' || kinds.has('service');
  eachStep(scenario.steps, ['steps'], (step, path) => {
    if (!('recommend' in step)) return;
    if (isOfService) {
      refuse(reading, [...path, 'recommend'], 'recommend-in-service', {
        message: 'サービス連絡(kind が service の配信)では、おすすめ商品を使えません。',
        messageEn: 'A service message may recommend nothing.',
        suggestion: 'おすすめは、"kind": "marketing" の配信で送ってください。',
        suggestionEn: 'Recommend in a marketing message.',
      });
    } else {
      warn(reading, [...path, 'recommend'], 'recommend-unsent', {
        message: 'このおすすめのあとに配信がないので、だれにも届きません。',
        messageEn: 'No message follows this recommendation, so nobody sees it.',
        suggestion: 'あとに send のステップを続けてください。',
        suggestionEn: 'Add a send step after it.',
      });
    }
  });
}
