import { describe, expect, test } from '@jest/globals';
import type { Reported } from '#core/event/event.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import { aProgramme, aScenario, aSegment, HANAKO, jst, SHOP, send } from '../../support/builders.ts';
import { anOrderOfHers, withHanako } from '../../support/story.ts';
import type { World } from '../../support/world.ts';

const P = `member:${SHOP}:7`;
const AT = '2026-03-01 10:00';
const letter = aScenario({ steps: [send('a')] });
const service = { kind: 'service' } as const;

/** Her letter is opened and its link followed: by a mail scanner, or by her. */
const touched = (others: Scenario[], isMachine: boolean): World => {
  const clickers = aSegment('clickers', { count: 'message.clicked', within: '30d', '>=': 1 });
  const programme = aProgramme([letter, ...others], { segments: [clickers] });
  const world = withHanako(programme, AT).tell(anOrderOfHers('1', AT));
  const { messageId } = world.sent[0]!;
  for (const type of ['message.opened', 'message.clicked'] as const) {
    const data = { messageId, channel: 'email', isMachine };
    const told = { type, occurredAt: world.now, source: 'ses', identities: HANAKO, shop: SHOP, data, nonce: type };
    world.tell(told as Reported);
  }
  return world;
};

describe.each([
  ['a machine', true, 0],
  ['a person', false, 1],
] as const)('%s that opens a mail and follows its link', (_, isMachine, times) => {
  test('begins that often what a click begins', () => {
    const begins = aScenario({ ...service, id: 'b', trigger: { event: 'message.clicked' }, steps: [send('b')] });
    expect(touched([begins], isMachine).sent.slice(1)).toHaveLength(times);
  });

  test('is counted that often', () => {
    const asks = (count: string) => ({ count, within: '1d', '>=': 1 });
    const world = touched([], isMachine);
    expect(Object.keys(world.stateOf(P).segments)).toHaveLength(times);
    const counts = aScenario({
      ...service,
      id: 'c',
      trigger: { event: 'favourite.added' },
      steps: [
        { if: asks('message.opened'), then: [send('o')], else: [] },
        { if: asks('message.clicked'), then: [send('c')], else: [] },
      ],
    });
    world.programme = aProgramme([letter, counts]);
    const favourite = { product: { id: 'p1' } };
    const told = { type: 'favourite.added', occurredAt: world.now, source: 'test', identities: HANAKO, shop: SHOP };
    world.tell({ ...told, data: favourite, nonce: 'f' } as Reported);
    expect(world.sent.slice(1)).toHaveLength(2 * times);
  });

  test('ends that often what a click ends, also a flow whose trigger is told later than the click', () => {
    const waits = aScenario({
      ...service,
      id: 'w',
      trigger: { event: 'favourite.added' },
      exit: [{ event: 'message.clicked', where: { 'event.scenario': 'thanks' } }],
      steps: [{ wait: '1d' }, send('w')],
    });
    const world = touched([waits], isMachine);
    const data = { product: { id: 'p1' } };
    const earlier = { occurredAt: jst('2026-03-01 09:59'), source: 'test', identities: HANAKO, shop: SHOP };
    world.tell({ type: 'favourite.added', ...earlier, data, nonce: 'f' } as Reported);
    expect(world.turnTo(jst('2026-03-03 10:00')).sent.slice(1)).toHaveLength(1 - times);
  });

  test('stands in the history all the same, and is proof that it was sent', () => {
    const world = touched([], isMachine);
    expect([...world.events.values()].filter(({ type }) => type === 'message.clicked')).toHaveLength(1);
    expect(Object.values(world.stateOf(P).outcomes).map(({ type }) => type)).toEqual(['sent']);
  });
});
