import { describe, expect, test } from '@jest/globals';
import type { Condition, Scenario, Step } from '#core/scenario/scenario.ts';
import { aProgramme, aScenario, cart, HANAKO, jst, send } from '#test/support/builders.ts';
import { hers, withHanako } from '#test/support/story.ts';
import type { World } from '#test/support/world.ts';

const MORNING = '2026-03-01 10:00';
const EVENING = '2026-03-01 20:30';
const at = (world: World, time: string): World => world.turnTo(jst(time));
const fill = (world: World, time: string, items = 1): World =>
  at(world, time).tell(cart('c', jst(time), items, HANAKO));
const mailOf = (world: World): string[] => at(world, '2026-03-09 10:00').mail;

describe('a cart that changes', () => {
  const follow = (time: string, ...steps: Step[]) =>
    fill(
      withHanako(aProgramme([aScenario({ trigger: { event: 'cart.updated' }, again: 'restart', steps })]), time),
      time,
    );
  const orNot: Step = {
    id: 'w',
    waitFor: { event: 'order.placed', within: '2h' },
    then: [],
    else: [send('a', { expires: '3d' })],
  };

  test('is waited for anew, also where something else is awaited', () => {
    const world = fill(follow(MORNING, orNot), '2026-03-01 11:50', 2);
    expect(mailOf(world)).toEqual(['a 2026-03-01 13:50 email']);
  });

  test.each<[string, Step[]]>([
    ['after a wait', [{ wait: '1h' }, send('a', { expires: '12h' })]],
    ['after a wait, with a coupon', [{ wait: '1h' }, { id: 'gift', coupon: { pool: 'p' } }, send('a')]],
    ['in a branch', [{ wait: '1h' }, { if: { 'customer.email': { exists: true } }, then: [send('a')] }]],
    ['with more to come', [{ wait: '1h' }, send('a', { expires: '12h' }), { wait: '3d' }]],
  ])('moves a message that waits for the morning (%s)', (_, steps) => {
    const world = fill(follow(EVENING, ...steps), '2026-03-02 08:50', 2);
    expect(mailOf(world)).toEqual(['a 2026-03-02 09:50 email']);
  });

  test('does not send a message that waits for the morning later than it must where it began at once', () => {
    const world = fill(follow('2026-03-01 22:00', send('a', { expires: '20h' })), '2026-03-02 08:50', 2);
    expect(mailOf(world)).toEqual(['a 2026-03-02 09:32 email']);
  });

  test('opens no second task, and moves nothing that an answer brought', () => {
    const task: Step = { task: { team: 'CS', title: 'お電話' } };
    const asked = fill(follow(EVENING, { wait: '1h' }, task, send('a')), '2026-03-02 08:50', 2);
    expect(mailOf(asked)).toEqual(['a 2026-03-02 09:32 email']);
    expect(asked.told('member:hanako:7', 'task.opened')).toHaveLength(1);
    const review: Step = { id: 'w', waitFor: { event: 'review.posted', within: '2d' }, then: [send('a')], else: [] };
    const answered = at(follow(EVENING, review), '2026-03-01 22:00').tell(
      hers('review.posted', '2026-03-01 22:00', { product: { id: 'p' }, rating: 5 }),
    );
    expect(mailOf(fill(answered, '2026-03-02 08:50', 2))).toEqual(['a 2026-03-02 09:32 email']);
  });

  test('leaves alone what was sent', () => {
    const world = fill(follow(MORNING, { wait: '1h' }, send('a'), { wait: '1d' }, send('b')), '2026-03-01 12:00', 2);
    expect(mailOf(world)).toEqual(['a 2026-03-01 11:00 email', 'b 2026-03-02 12:00 email']);
  });
});

describe('something that is done more than once a day', () => {
  const look = (world: World, time: string, id = 'p1'): World =>
    at(world, time).tell(hers('product.viewed', time, { product: { id } }));
  const twice: Condition = { count: 'product.viewed', same: 'product.id', within: '7d', '>=': 2 };
  const follow = (more: Partial<Scenario> = {}, ...steps: Step[]) =>
    look(
      withHanako(
        aProgramme([aScenario({ trigger: { event: 'product.viewed' }, again: 'restart', steps, ...more })]),
        MORNING,
      ),
      MORNING,
    );
  const asking = [{ wait: { for: '24h', at: '19:00' } }, send('a')] as Step[];

  test('counts from the last time under restart, and from the first otherwise', () => {
    const counted = (again: Scenario['again']) => {
      const world = follow({ again }, ...asking);
      for (const time of ['17:00', '20:30']) look(world, `2026-03-01 ${time}`);
      return mailOf(world);
    };
    expect(counted('restart')).toEqual(['a 2026-03-03 19:00 email']);
    expect(counted('ignore')).toEqual(['a 2026-03-02 19:00 email']);
  });

  test('counts from the last time that those it is for did it', () => {
    const world = look(follow({ audience: twice }, ...asking), '2026-03-01 17:00');
    expect(mailOf(look(world, '2026-03-01 20:30', 'p2'))).toEqual(['a 2026-03-02 19:00 email']);
  });

  test('changes nothing any more once something was sent', () => {
    const world = follow({}, send('a'), { wait: '2h' }, send('b', { expires: '3d' }));
    expect(mailOf(look(world, '2026-03-01 11:00'))).toEqual(['a 2026-03-01 10:00 email', 'b 2026-03-02 09:32 email']);
  });

  test('is told late, and moves nothing back', () => {
    const world = follow({}, { wait: '2h' }, send('a'));
    world.tell(hers('product.viewed', '2026-03-01 09:00', { product: { id: 'p1' } }));
    expect(mailOf(world)).toEqual(['a 2026-03-01 12:00 email']);
  });
});
