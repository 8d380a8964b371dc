import { expect, test } from '@jest/globals';
import type { Step } from '#core/scenario/scenario.ts';
import { aProgramme, aScenario, jst, SETTINGS, send } from '#test/support/builders.ts';
import { anOrderOfHers, clicks, withHanako } from '#test/support/story.ts';

/** Everybody goes the one way. */
const split = (id: string, name: string, steps: Step[]): Step => ({
  id,
  split: [
    { name, weight: 1, steps },
    { name: '使わない道', weight: 0, steps: [] },
  ],
});
const letters = aScenario({
  kind: 'service',
  steps: [
    send('before'),
    split('90', '手紙', [send('inside')]),
    { wait: '1h' },
    send('rejoined'),
    split('10', 'お礼', [{ wait: '1h' }, send('second')]),
  ],
});
const reading = aScenario({
  id: 'reading',
  trigger: { event: 'message.clicked', where: { 'event.variant': '手紙' } },
  steps: [{ tag: '手紙を読んだ' }],
});

function world(sending: 'live' | 'rehearsal') {
  const programme = aProgramme([letters, reading], { settings: { ...SETTINGS, sending } });
  return withHanako(programme, '2026-03-01 10:00').tell(anOrderOfHers('1', '2026-03-01 10:00'));
}
const TAGGED = ['手紙を読んだ'];
const tags = (one: ReturnType<typeof world>) => Object.keys(one.stateOf('member:hanako:7').tags);

test('what is told of a message names the way of the split passed last, and none before there was one', () => {
  const rehearsed = world('rehearsal').turnTo(jst('2026-03-02 10:00'));
  const told = [...rehearsed.events.values()].filter(({ type }) => type === 'message.rehearsed');
  const ways = told.map(({ data }) => {
    const { step, variant } = data as { step: string; variant?: string };
    return `${step}: ${variant}`;
  });
  expect(ways.sort()).toEqual(['before: undefined', 'inside: 手紙', 'rejoined: 手紙', 'second: お礼']);
});

test.each([
  ['inside', TAGGED],
  ['rejoined', TAGGED],
  ['before', []],
  ['second', []],
])('a click in "%s" is one of its way, long after the message went', (step, expected) => {
  const one = world('live').turnTo(jst('2026-03-20 10:00'));
  expect(tags(clicks(one, step))).toEqual(expected);
});
