import { eachStep } from './lint.ts';
import { type Passed, passedBefore } from './passed.ts';
import { type Reading, refuse, warn } from './read.ts';
import type { Scenario, Step } from './scenario.ts';

const isCoupon = (step: Step): boolean => 'coupon' in step;

/** For every send, by the JSON of its path: whether everybody who comes to it has passed a coupon step. */
export const couponsBefore = (steps: Step[]): Map<string, Passed> => passedBefore(steps, isCoupon);

/** Coupons are advertising, and are given out with the messages that follow them. */
export function lintCoupons(reading: Reading, scenario: Pick<Scenario, 'kind' | 'steps'>): void {
  const before = couponsBefore(scenario.steps);
  const isEverSent = [...before.values()].some((passed) => passed !== 'never');
  eachStep(scenario.steps, ['steps'], (step, path) => {
    if ('send' in step && isService(scenario, step) && before.get(JSON.stringify(path)) !== 'never') {
      refuse(reading, [...path, 'send'], 'coupon-in-service', {
        message: 'サービス連絡(kind が service)の配信より前で、クーポンを使っています。',
        messageEn: 'A service message follows a coupon; it may give out none.',
        suggestion:
          'クーポンは販促(marketing)の配信で送れます。サービス連絡は、クーポンより前か、別のシナリオに置いてください。',
        suggestionEn:
          'Give coupons out in marketing; put the service message before it, or into a scenario of its own.',
      });
    }
    if (!('coupon' in step) || isEverSent) return;
    warn(reading, [...path, 'coupon'], 'coupon-unsent', {
      message: 'このクーポンのあとに配信がないので、コードはだれにも発行されません。',
      messageEn: 'No message follows this coupon, so nobody is ever given a code.',
      suggestion: 'コードは、あとに続く最初の配信を送るときに発行されます。send のステップを続けてください。',
      suggestionEn: 'A code is given out with the first message that follows: add a send step.',
    });
  });
}

/** Whether a message needs no consent: by its own kind, else its scenario's. */
export const isService = (scenario: Pick<Scenario, 'kind'>, step: Extract<Step, { send: unknown }>): boolean =>
  (step.send.kind ?? scenario.kind) === 'service';
