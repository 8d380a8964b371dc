import { describe, expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import { anOrder, aProgramme, aScenario, jst, orderChanged, send } from '#test/support/builders.ts';
import { World } from '#test/support/world.ts';

const NOON = jst('2026-11-24 12:00');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ID = 'member:hanako:7';
const calling = aScenario({
  steps: [
    {
      id: 'ask',
      call: { webhook: 'box', within: '2m' },
      then: [{ if: { 'event.answer.color': 'red' }, then: [send('red')], else: [send('done')] }],
      else: [
        { task: { team: 'CS', title: '確かめてください' } },
        { if: { 'event.reason': 'timeout' }, then: [send('late')], else: [send('sorry')] },
      ],
    },
  ],
});
const bought = orderChanged(anOrder({ placedAt: NOON }));
const steps = (world: World) => world.sent.map(({ step }) => step);

describe('a call', () => {
  test('that is answered well goes on at once, and what follows sees the answer', () => {
    const world = new World(aProgramme([calling]), NOON);
    world.shop = () => ({ isOk: true, answer: { color: 'red' } });
    world.tell(bought);
    expect(steps(world)).toEqual(['red']);
    expect(world.calls).toEqual(['call#thanks#order:hanako:1001#ask']);
  });

  test('that is refused goes the other way, and work for a person is opened once', () => {
    const world = new World(aProgramme([calling]), NOON);
    world.shop = () => ({ isOk: false });
    world.tell(bought);
    expect(steps(world)).toEqual(['sorry']);
    const tasks = [...world.events.values()].filter(({ type }) => type === 'task.opened');
    expect(tasks.map(({ data }) => data)).toEqual([
      { task: { id: expect.stringMatching(/^[0-9a-f]{16}$/), team: 'CS', title: '確かめてください' } },
    ]);
  });

  test('that nobody answers in time goes the other way, and a late answer changes nothing', () => {
    const world = new World(aProgramme([calling]), NOON);
    world.shop = () => undefined;
    world.tell(bought);
    world.turnTo(plus(NOON, 2 * MINUTE - 1));
    expect(steps(world)).toEqual([]);
    world.turnTo(plus(NOON, 3 * MINUTE));
    expect(steps(world)).toEqual(['late']);
    expect(world.told(ID, 'call.answered')).toEqual(['ask timeout']);
    world.shop = () => ({ isOk: true });
    world.forgetPerformed();
    world.turnTo(plus(NOON, DAY));
    expect(steps(world)).toEqual(['late']);
  });

  test('in a rehearsal reaches nobody, and goes on as if all had gone well', () => {
    const world = new World(aProgramme([calling], { settings: { sending: 'rehearsal' } }), NOON).tell(bought);
    expect(world.calls).toEqual([]);
    expect(world.told(ID, 'message.rehearsed')).toEqual(['done rehearsal']);
  });

  test('of staff is made in a rehearsal too, so that the shop can try it', () => {
    const settings = { sending: 'rehearsal' as const, staff: ['hanako@example.com'] };
    const world = new World(aProgramme([calling], { settings }), NOON).tell(bought);
    expect(world.calls).toHaveLength(1);
    expect(steps(world)).toEqual(['done']);
  });

  test('makes nothing of what is long past due again: of an order of years ago nobody is asked, and nobody is thanked', () => {
    const old = orderChanged(anOrder({ placedAt: jst('2024-03-01 09:00') }));
    const ways = [() => ({ isOk: true }), () => ({ isOk: false }), () => undefined].map((shop) => {
      const world = new World(aProgramme([calling]), NOON);
      world.shop = shop;
      world.tell(old).turnTo(plus(NOON, DAY));
      return [...steps(world), ...world.told(ID, 'message.expired')];
    });
    expect(ways).toEqual([['sorry late'], ['sorry late'], ['sorry late']]);
    const rehearsed = new World(aProgramme([calling], { settings: { sending: 'rehearsal' } }), NOON).tell(old);
    expect(rehearsed.told(ID, 'message.expired')).toEqual(['sorry late']);
  });

  test('takes its time: a wait after it counts from its end', () => {
    const later = aScenario({
      steps: [
        { id: 'ask', call: { webhook: 'box', within: '10m' }, then: [], else: [] },
        { wait: '1h' },
        send('after'),
      ],
    });
    const world = new World(aProgramme([later]), NOON);
    world.shop = () => undefined;
    world.tell(bought).turnTo(plus(NOON, DAY));
    expect(world.mail).toEqual(['after 2026-11-24 13:10 email']);
  });

  test('of a stage that is stopped is not made, and goes the other way', () => {
    const world = new World(aProgramme([calling], { settings: { sending: 'stopped' } }), NOON).tell(bought);
    expect(world.calls).toEqual([]);
    expect(world.told(ID, 'call.answered')).toEqual(['ask paused']);
  });
});

describe('a task', () => {
  test('is an event that another scenario may begin with; in a rehearsal it is only told', () => {
    const asking = aScenario({ steps: [{ task: { team: 'CS', title: '電話する' } }] });
    const told = aScenario({ id: 'told', trigger: { event: 'task.opened' }, steps: [{ tag: 'told' }] });
    const world = new World(aProgramme([asking, told]), NOON).tell(bought);
    expect(world.stateOf(ID).tags.told?.value).toBe(true);
    const rehearsed = new World(aProgramme([asking, told], { settings: { sending: 'rehearsal' } }), NOON).tell(bought);
    expect(rehearsed.stateOf(ID).tags.told).toBeUndefined();
    expect(rehearsed.told(ID, 'task.opened')).toHaveLength(1);
  });
});
