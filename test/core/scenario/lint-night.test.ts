import { expect, test } from '@jest/globals';
import { showPath } from '#core/scenario/finding.ts';
import { lintNights } from '#core/scenario/lint-night.ts';
import type { Reading } from '#core/scenario/read.ts';
import type { SendStep, Step, Trigger } from '#core/scenario/scenario.ts';

const MONTHLY: Trigger = { every: 'month', day: 1, at: '10:00' };
const send = (more: Partial<SendStep> = {}): Step => ({ id: 's', send: { template: 't', ...more } });

function said(trigger: Trigger, ...steps: Step[]): string[] {
  const reading: Reading = { findings: [] };
  const scenario = { id: 'a', name: 'a', kind: 'marketing' as const, again: 'ignore' as const, exit: [], params: {} };
  lintNights(reading, { ...scenario, trigger, steps }, { from: '21:00', to: '9:00' });
  return reading.findings.map(({ rule, path }) => `${showPath(path)} ${rule}`);
}

test.each<[string, Trigger, Step[], string[]]>([
  ['a rhythm late in the evening', { every: 'week', on: 'friday', at: '22:00' }, [send()], ['trigger.at at-night']],
  ['a rhythm without a time begins at midnight', { every: 'month', day: 1 }, [send()], ['trigger at-night']],
  ['a birthday too', { date: 'customer.birthday', every: 'year' }, [send()], ['trigger at-night']],
  ['points expire at a time of their own', { date: 'customer.points.nextExpiryAt', offset: '-7d' }, [send()], []],
  ['a time of day, and hours on it', MONTHLY, [{ wait: '12h' }, send()], ['trigger.at at-night']],
  ['a whole day later it is day again', MONTHLY, [{ wait: '3d' }, send()], []],
  [
    'said once, at the wait',
    MONTHLY,
    [{ wait: { for: '1d', at: '23:00' } }, send(), send()],
    ['steps[0].wait.at at-night'],
  ],
  [
    'a wait that only leads to another',
    MONTHLY,
    [{ wait: { for: '1d', at: '23:00' } }, { wait: { for: '1d', at: '12:00' } }, send()],
    [],
  ],
  ["a person's best hour lies in the day", { every: 'week', on: 'friday', at: 'best' }, [send()], []],
  ['an event comes whenever', { event: 'order.placed' }, [{ wait: '12h' }, send()], []],
  [
    'in every branch',
    MONTHLY,
    [{ if: { 'customer.orders.count': 1 }, then: [{ wait: { days: 1, at: '2:00' } }] }, send()],
    ['steps[0].then[0].wait.at at-night'],
  ],
  ['after an exit nobody comes', MONTHLY, [{ wait: { days: 1, at: '2:00' } }, { exit: true }, send()], []],
  [
    'what is over before the morning reaches nobody',
    MONTHLY,
    [{ wait: '12h' }, send({ expires: '6h' })],
    ['steps[1].send.expires expires-at-night'],
  ],
  [
    'what still holds in the morning is only late',
    MONTHLY,
    [{ wait: '12h' }, send({ expires: '12h' })],
    ['trigger.at at-night'],
  ],
  [
    'unanswered until the night',
    MONTHLY,
    [{ id: 'w', waitFor: { event: 'message.clicked', within: '12h' }, then: [], else: [send()] }],
    ['trigger.at at-night'],
  ],
])('%s', (_, trigger, steps, expected) => {
  expect(said(trigger, ...steps)).toEqual(expected);
});
