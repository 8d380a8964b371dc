import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { anOrderOfHers, hers, noMail, onLine, programmeOf, withHanako } from '../support/story.ts';

type What = 'started' | 'changed' | 'skipped' | 'paused' | 'resumed' | 'renewed' | 'cancelled';
const subscription = (what: What, at: string, nextShipAt?: string) =>
  hers(`subscription.${what}`, at, {
    subscription: { id: 's1', ...(nextShipAt === undefined ? {} : { nextShipAt: jst(nextShipAt) }) },
  });

describe('the deadline of a box', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('box-deadline');
  });
  const box = (what: 'proposed' | 'changed' | 'confirmed' | 'skipped', at: string, deadlineAt = '2026-12-05 20:00') =>
    hers(`box.${what}`, at, { box: { id: 'b1', deadlineAt: jst(deadlineAt) } });

  test('is told two days and six hours before, even to who wants no letters of the shop', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(noMail('2026-11-24 10:00'), box('proposed', '2026-11-24 10:00'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.mail).toEqual(['first 2026-12-03 20:00 email', 'last 2026-12-05 14:00 email']);
  });

  test('is not told a second time to who has changed the box, and not at all to who has confirmed or skipped it', () => {
    const changed = withHanako(programme, '2026-11-24 10:00')
      .tell(box('proposed', '2026-11-24 10:00'))
      .turnTo(jst('2026-12-04 10:00'))
      .tell(box('changed', '2026-12-04 10:00'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(changed.mail).toEqual(['first 2026-12-03 20:00 email']);
    for (const what of ['confirmed', 'skipped'] as const) {
      const world = withHanako(programme, '2026-11-24 10:00')
        .tell(box('proposed', '2026-11-24 10:00'))
        .turnTo(jst('2026-12-01 10:00'))
        .tell(box(what, '2026-12-01 10:00'))
        .turnTo(jst('2026-12-31 00:00'));
      expect(world.mail).toEqual([]);
    }
  });

  test('of a box proposed at the last moment it is told once, of one proposed too late never', () => {
    const late = withHanako(programme, '2026-12-05 11:00')
      .tell(box('proposed', '2026-12-05 11:00'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(late.mail).toEqual(['first 2026-12-05 11:00 email']);
    const past = withHanako(programme, '2026-12-06 10:00')
      .tell(box('proposed', '2026-12-06 10:00'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(past.mail).toEqual([]);
  });
});

describe('a button under the word of a deadline', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('box-deadline');
  });
  const presses = (at: string, action: string) => hers('line.postback', at, { action, box: { id: 'b1' } });
  const proposed = () =>
    withHanako(programme, '2026-11-24 10:00').tell(
      ...onLine('2026-11-24 10:00'),
      hers('box.proposed', '2026-11-24 10:00', { box: { id: 'b1', deadlineAt: jst('2026-12-05 20:00') } }),
    );
  const tasksOf = (world: ReturnType<typeof proposed>) =>
    [...world.events.values()].flatMap((event) => (event.type === 'task.opened' ? [event.data.task.title] : []));

  test('is passed to the shop, and the customer is told that it was done', () => {
    const world = proposed()
      .turnTo(jst('2026-12-04 12:00'))
      .tell(presses('2026-12-04 12:00', 'box.skip'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.calls).toEqual(['call#box-deadline#box.id=hanako:b1#change']);
    expect(world.mail).toEqual(['first 2026-12-03 20:00 line', 'done 2026-12-04 12:00 line']);
    expect(tasksOf(world)).toEqual([]);
  });

  test('pressed after the reminder works until the deadline, and not after it', () => {
    const late = proposed()
      .turnTo(jst('2026-12-05 19:00'))
      .tell(presses('2026-12-05 19:00', 'box.swap'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(late.mail.slice(1)).toEqual(['last 2026-12-05 14:00 line', 'done-late 2026-12-05 19:00 line']);
    const tooLate = proposed()
      .turnTo(jst('2026-12-05 21:00'))
      .tell(presses('2026-12-05 21:00', 'box.swap'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(tooLate.calls).toEqual([]);
  });

  test('that the shop can’t follow becomes work for a person, and the customer is told so', () => {
    const world = proposed().turnTo(jst('2026-12-04 12:00'));
    world.shop = () => ({ isOk: false });
    world.tell(presses('2026-12-04 12:00', 'box.keep')).turnTo(jst('2026-12-31 00:00'));
    expect(tasksOf(world)).toEqual(['定期便の変更に失敗(LINEのボタン)']);
    expect(world.mail.slice(1)).toEqual(['sorry 2026-12-04 12:00 line']);
  });
});

describe('the next shipment of a subscription', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('subscription-next');
  });

  test('is told five days before, and again for the one after', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(subscription('started', '2026-11-24 10:00', '2026-12-20 00:00'))
      .turnTo(jst('2026-12-20 12:00'))
      .tell(subscription('renewed', '2026-12-20 12:00', '2027-01-20 00:00'))
      .turnTo(jst('2027-02-28 00:00'));
    expect(world.mail).toEqual(['1 2026-12-15 10:00 email', '1 2027-01-15 10:00 email']);
  });

  test('moves with the date, and is not told of a subscription that is over', () => {
    const moved = withHanako(programme, '2026-11-24 10:00')
      .tell(subscription('started', '2026-11-24 10:00', '2026-12-20 00:00'))
      .turnTo(jst('2026-12-10 12:00'))
      .tell(subscription('skipped', '2026-12-10 12:00', '2027-01-20 00:00'))
      .turnTo(jst('2027-02-28 00:00'));
    expect(moved.mail).toEqual(['1 2027-01-15 10:00 email']);
    const over = withHanako(programme, '2026-11-24 10:00')
      .tell(subscription('started', '2026-11-24 10:00', '2026-12-20 00:00'))
      .turnTo(jst('2026-12-10 12:00'))
      .tell(subscription('cancelled', '2026-12-10 12:00'))
      .turnTo(jst('2027-02-28 00:00'));
    expect(over.mail).toEqual([]);
  });
});

describe('a shipment that was skipped', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('subscription-pace');
  });
  const skipped = () =>
    withHanako(programme, '2026-11-24 10:00').tell(
      subscription('started', '2026-10-01 10:00'),
      subscription('skipped', '2026-11-24 10:00'),
    );

  test('is a reason to ask about the pace, once in three months', () => {
    const world = skipped()
      .turnTo(jst('2026-12-24 10:00'))
      .tell(subscription('skipped', '2026-12-24 10:00'))
      .turnTo(jst('2027-02-28 00:00'));
    expect(world.mail).toEqual(['1 2026-11-26 19:00 email']);
  });

  test('is none any more when the subscription was changed or cancelled meanwhile', () => {
    for (const what of ['changed', 'cancelled'] as const) {
      const world = skipped()
        .turnTo(jst('2026-11-25 10:00'))
        .tell(subscription(what, '2026-11-25 10:00'))
        .turnTo(jst('2027-02-28 00:00'));
      expect(world.mail).toEqual([]);
    }
  });
});

describe('a subscription that is over', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('subscription-ended');
  });
  const ended = () =>
    withHanako(programme, '2026-11-24 10:00').tell(
      subscription('started', '2026-10-01 10:00'),
      subscription('cancelled', '2026-11-24 10:00'),
    );

  test('is thanked for the day after, and spoken of a last time two months later', () => {
    const world = ended().turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual(['thanks 2026-11-25 19:00 email', 'later 2027-01-23 19:00 email']);
  });

  test('is not spoken of any more to who came back, be it for one order', () => {
    const back = ended()
      .turnTo(jst('2026-12-10 10:00'))
      .tell(subscription('resumed', '2026-12-10 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(back.mail).toEqual(['thanks 2026-11-25 19:00 email']);
    const bought = ended()
      .turnTo(jst('2026-12-10 10:00'))
      .tell(anOrderOfHers('1', '2026-12-10 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(bought.mail).toEqual(['thanks 2026-11-25 19:00 email']);
  });

  test('who has another one is not told farewell', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(hers('subscription.started', '2026-10-02 10:00', { subscription: { id: 's2' } }))
      .tell(subscription('started', '2026-10-01 10:00'), subscription('cancelled', '2026-11-24 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual([]);
  });
});
