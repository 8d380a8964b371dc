import { expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import type { Scenario, Step } from '#core/scenario/scenario.ts';
import { anOrder, aProgramme, aScenario, jst, orderChanged, reported, SHOP, send } from '#test/support/builders.ts';
import { World } from '#test/support/world.ts';

const MEMBER = `member:${SHOP}:7`;
const NOON = jst('2026-11-24 12:00');
const DAY = 86_400_000;
const touch = (world: World) =>
  world.tell(reported('page.viewed', world.now, { memberId: '7' }, { url: 'https://example.com/' }));

/** Both versions published: the old one since ever, the new one from `at` on. */
function both(old: Scenario, fresh: Scenario, at = plus(NOON, DAY)): Programme {
  const programme = aProgramme([fresh]);
  const [edition] = aProgramme([old]).manifest.editions;
  const templates = { ...edition!.templates, ...programme.manifest.editions[0]!.templates };
  const newer = { ...programme.manifest.editions[0]!, number: 2, effectiveAt: at, templates };
  programme.manifest.editions = [edition!, newer];
  return { ...programme, scenario: (id, version) => [old, fresh].find((s) => s.id === id && s.version === version) };
}

const from = (steps: Step[]) => aScenario({ steps });
const to = (steps: Step[], migrate?: Record<string, string>) =>
  aScenario({ version: 2, steps, ...(migrate ? { migrate } : {}) });
const live = (old: Scenario, fresh: Scenario, days = 60): string[] => {
  const world = new World(both(old, fresh), NOON).tell(orderChanged(anOrder({ placedAt: NOON })));
  world.turnTo(plus(NOON, 2 * DAY));
  touch(world).turnTo(plus(NOON, days * DAY));
  expect(world.deadLetters).toEqual([]);
  expect(world.stateOf(MEMBER).enrolments).toEqual({});
  return world.mail.map((line) => line.replace(' email', ''));
};

test('who waits for a step goes on at the one the new file names, with the wait before it', () => {
  const old = from([send('thanks'), { wait: '30d' }, send('30'), { wait: '60d' }, send('90')]);
  const fresh = to([send('hello'), { wait: '10d' }, { wait: '5d' }, send('15'), { wait: '5d' }, send('20')], {
    '30': '15',
  });
  expect(live(old, fresh)).toEqual(['thanks 2026-11-24 12:00', '15 2026-12-09 12:00', '20 2026-12-14 12:00']);
});

test('who waits for a step the new file does not name stays on the old version', () => {
  const old = from([{ wait: '30d' }, send('30')]);
  expect(live(old, to([{ wait: '5d' }, send('5')], { other: '5' }))).toEqual(['30 2026-12-24 12:00']);
  expect(live(old, to([{ wait: '5d' }, send('5')]))).toEqual(['30 2026-12-24 12:00']);
  expect(live(old, to([{ wait: '5d' }, send('5')], { '30': 'nowhere' }))).toEqual(['30 2026-12-24 12:00']);
});

test('who waits for an event waits for the new one, and a step that was sent is not sent again', () => {
  const old = from([
    send('a'),
    { id: 'w', waitFor: { event: 'review.posted', within: '30d' }, then: [], else: [send('old')] },
  ]);
  const fresh = to(
    [
      {
        id: 'w2',
        waitFor: { event: 'review.posted', within: '10d' },
        then: [],
        else: [send('a'), { wait: '1d' }, send('new')],
      },
    ],
    { w: 'w2' },
  );
  expect(live(old, fresh)).toEqual(['a 2026-11-24 12:00', 'new 2026-12-05 12:00']);
});

test('what is long past in the new file is skipped, not sent late', () => {
  const old = from([{ wait: '30d' }, send('30')]);
  const fresh = to([{ wait: '1h' }, send('early'), { wait: '40d' }, send('late')], { '30': 'early' });
  expect(live(old, fresh)).toEqual(['late 2027-01-03 13:00']);
});
