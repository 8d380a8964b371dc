import { eachStep } from './lint.ts';
import { type Passed, passedBefore } from './passed.ts';
import { type Reading, refuse, warn } from './read.ts';
import type { Scenario, Step } from './scenario.ts';

const isCoupon = (step: Step): boolean => 'coupon' in step;

/** For every send, by the JSON of its path: whether everybody who comes to it has passed a coupon step. */
export const couponsBefore = (steps: Step[]): Map<string, Passed> => passedBefore(steps, isCoupon);

/** Coupons are advertising, and are given out with the first message that follows them. */
export function lintCoupons(reading: Reading, scenario: Pick<Scenario, 'kind' | 'steps'>): void {
  const before = couponsBefore(scenario.steps);
  const isEverSent = [...before.values()].some((passed) => passed !== 'never');
  eachStep(scenario.steps, ['steps'], (step, path) => {
    if (!('coupon' in step)) return;
    if (scenario.kind === 'service') {
      refuse(reading, [...path, 'coupon'], 'coupon-in-service', {
        message: 'サービス連絡(kind が service)では、クーポンを使えません。',
        messageEn: 'A service scenario may not give out coupons.',
        suggestion: 'クーポンを送るなら "kind": "marketing" の、別のシナリオにしてください。',
        suggestionEn: 'Use a marketing scenario of its own.',
      });
    } else if (!isEverSent) {
      warn(reading, [...path, 'coupon'], 'coupon-unsent', {
        message: 'このクーポンのあとに配信がないので、コードはだれにも発行されません。',
        messageEn: 'No message follows this coupon, so nobody is ever given a code.',
        suggestion: 'コードは、あとに続く最初の配信を送るときに発行されます。send のステップを続けてください。',
        suggestionEn: 'A code is given out with the first message that follows: add a send step.',
      });
    }
  });
}
