import { describe, expect, test } from '@jest/globals';
import { advance } from '#core/advance.ts';
import type { CustomerState } from '#core/customer/state.ts';
import { plus } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import type { Scenario, Step } from '#core/scenario/scenario.ts';
import { aProgramme, aScenario, jst, send } from '../../support/builders.ts';
import { testHashes } from '../../support/hashes.ts';
import { anOrderOfHers, withHanako } from '../../support/story.ts';

const P = 'member:hanako:7';
const AT = '2026-03-01 10:00';
const EVERYBODY = { scenario: 100, global: 0 };
const SERVICE = { kind: 'service' } as const;
const MARKETING = { kind: 'marketing' } as const;
const heldOut = (over: Partial<Scenario> & { steps: Step[] }, settings: object = {}): Programme =>
  aProgramme([aScenario(over)], { settings: { holdout: EVERYBODY, ...settings } });
const bought = (programme: Programme) => withHanako(programme, AT).tell(anOrderOfHers('1', AT));

describe('who is held out', () => {
  test('gets the service messages of a marketing scenario, and none of its advertising', () => {
    const world = bought(heldOut({ steps: [send('a'), send('b', SERVICE)] }));
    expect(world.mail).toEqual(['b 2026-03-01 10:00 email']);
    expect(world.told(P, 'message.suppressed')).toEqual(['a holdout']);
  });

  test('gets no advertising of a service scenario either', () => {
    const world = bought(heldOut({ ...SERVICE, steps: [send('a'), send('b', MARKETING)] }));
    expect(world.mail).toEqual(['a 2026-03-01 10:00 email']);
  });

  test('is nobody where all that is sent is service: there is nothing to measure', () => {
    const goal = { event: 'order.placed', within: '14d' };
    const world = bought(heldOut({ goal, steps: [send('a', SERVICE)] }));
    world.turnTo(jst('2026-03-02 10:00')).tell(anOrderOfHers('2', '2026-03-02 10:00'));
    const modes = [...world.events.values()].flatMap((event) => (event.type === 'goal.reached' ? [event.data] : []));
    expect(modes).toEqual([expect.objectContaining({ mode: 'live' })]);
  });

  test('is called for by a service scenario, whatever it advertises beside', () => {
    const call: Step = {
      call: { webhook: 'h', within: '2m' },
      then: [send('a', SERVICE)],
      else: [send('b', MARKETING)],
    };
    const service = bought(heldOut({ ...SERVICE, steps: [call] }));
    expect([service.calls.length, service.mail]).toEqual([1, ['a 2026-03-01 10:00 email']]);
    expect(bought(heldOut({ steps: [call] })).calls).toEqual([]);
  });

  test('in a rehearsal is sent nothing for real when the scenario is live later', () => {
    const steps = [{ wait: '1d' }, send('a'), send('b', SERVICE)];
    const world = bought(heldOut({ steps }, { sending: 'rehearsal' }));
    world.programme = heldOut({ steps });
    world.turnTo(jst('2026-03-05 10:00'));
    expect(world.mail).toEqual([]);
    expect(world.told(P, 'message.rehearsed')).toEqual(['b rehearsal']);
    expect(world.told(P, 'message.suppressed')).toEqual(['a holdout']);
  });

  test('stays so when another half of the person is merged in, and its rehearsal too', () => {
    const programme = heldOut({ steps: [{ wait: '1d' }, send('a'), send('b', SERVICE)] });
    const world = bought(programme);
    const state = structuredClone(world.stateOf(P));
    const [mine] = Object.values(state.enrolments);
    const other = { ...structuredClone(state), customerId: testHashes.address('email:x'), identities: {} };
    other.enrolments = { [mine!.id]: { ...mine!, mode: 'rehearsal' } };
    const merged = {
      type: 'identity.merged' as const,
      customerId: state.customerId,
      eventId: 'm' as never,
      occurredAt: state.now,
      receivedAt: plus(state.now, 1000),
      source: 'enishi',
      identities: {},
      hops: 0,
      data: { from: other.customerId, state: other },
    };
    const { holder, refused } = advance(state, state.customerId, [merged as never], programme, testHashes);
    expect(refused).toEqual([]);
    expect(Object.values((holder as CustomerState).enrolments)[0]).toMatchObject({
      mode: 'held-out',
      isRehearsal: true,
    });
  });
});
