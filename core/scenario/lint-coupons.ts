import { eachStep } from './lint.ts';
import { type Passed, passedBefore } from './passed.ts';
import { type Reading, refuse, warn } from './read.ts';
import type { Scenario, Step } from './scenario.ts';

const isCoupon = (step: Step): boolean => 'coupon' in step;

/** For every send, by the JSON of its path: whether everybody who comes to it has passed a coupon step. */
export const couponsBefore = (steps: Step[]): Map<string, Passed> => passedBefore(steps, isCoupon);

/** Coupons are advertising, and are given out with the first marketing message that follows them. */
export function lintCoupons(reading: Reading, scenario: Pick<Scenario, 'kind' | 'steps'>): void {
  const kinds = kindsAfter(scenario, couponsBefore(scenario.steps));
  if (kinds.has('marketing')) return;
  const isOfService = scenario.kind === 'service' || kinds.has('service');
  eachStep(scenario.steps, ['steps'], (step, path) => {
    if (!('coupon' in step)) return;
    if (isOfService) {
      refuse(reading, [...path, 'coupon'], 'coupon-in-service', {
        message: 'サービス連絡(kind が service の配信)では、クーポンを使えません。',
        messageEn: 'A service message may not give out coupons.',
        suggestion: 'クーポンは、"kind": "marketing" の配信で送ってください。',
        suggestionEn: 'Give them out in a marketing message.',
      });
    } else {
      warn(reading, [...path, 'coupon'], 'coupon-unsent', {
        message: 'このクーポンのあとに配信がないので、コードはだれにも発行されません。',
        messageEn: 'No message follows this coupon, so nobody is ever given a code.',
        suggestion: 'コードは、あとに続く最初の配信を送るときに発行されます。send のステップを続けてください。',
        suggestionEn: 'A code is given out with the first message that follows: add a send step.',
      });
    }
  });
}

/** The kinds of the messages that have passed something, as `before` tells of each. */
export function kindsAfter(
  scenario: Pick<Scenario, 'kind' | 'steps'>,
  before: ReadonlyMap<string, Passed>,
): Set<Scenario['kind']> {
  const kinds = new Set<Scenario['kind']>();
  eachStep(scenario.steps, ['steps'], (step, path) => {
    const passed = before.get(JSON.stringify(path)) ?? 'never';
    if ('send' in step && passed !== 'never') kinds.add(step.send.kind ?? scenario.kind);
  });
  return kinds;
}
