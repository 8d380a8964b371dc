import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { HANAKO, jst, reported } from '../support/builders.ts';
import { ON_LINE, onLine, programmeOf } from '../support/story.ts';
import { World } from '../support/world.ts';

const friend = { lineUserId: ON_LINE };
const followed = (at: string, isUnblocked?: boolean) =>
  reported('line.followed', jst(at), friend, isUnblocked === undefined ? {} : { isUnblocked });
const blocked = (at: string) => reported('line.unfollowed', jst(at), friend, {});

describe('a new friend on LINE', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('line-greeting');
  });

  test('is greeted at once, by night in the morning', () => {
    const day = new World(programme, jst('2026-11-24 14:00')).tell(followed('2026-11-24 14:00'));
    expect(day.mail).toEqual(['1 2026-11-24 14:00 line']);
    const night = new World(programme, jst('2026-11-24 23:00'))
      .tell(followed('2026-11-24 23:00'))
      .turnTo(jst('2026-11-26 00:00'));
    expect(night.mail).toEqual(['1 2026-11-25 09:35 line']);
  });

  test('is greeted once, and not when blocked before the morning or back after a block', () => {
    const twice = new World(programme, jst('2026-11-24 14:00'))
      .tell(followed('2026-11-24 14:00'))
      .turnTo(jst('2026-12-01 14:00'))
      .tell(blocked('2026-12-01 14:00'), followed('2026-12-01 14:10', true))
      .turnTo(jst('2026-12-31 00:00'));
    expect(twice.mail).toEqual(['1 2026-11-24 14:00 line']);
    const gone = new World(programme, jst('2026-11-24 23:00'))
      .tell(followed('2026-11-24 23:00'))
      .turnTo(jst('2026-11-24 23:30'))
      .tell(blocked('2026-11-24 23:30'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(gone.mail).toEqual([]);
  });
});

describe('a friend whose member id is not known', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('line-link');
  });

  test('is asked for the link two days later', () => {
    const world = new World(programme, jst('2026-11-24 14:00'))
      .tell(followed('2026-11-24 14:00'))
      .turnTo(jst('2027-03-31 00:00'));
    expect(world.mail).toEqual(['1 2026-11-26 19:00 line']);
  });

  test('is not asked when already linked, or linked meanwhile', () => {
    const linked = new World(programme, jst('2026-11-24 14:00'))
      .tell(...onLine('2026-11-24 14:00'))
      .turnTo(jst('2027-03-31 00:00'));
    expect(linked.mail).toEqual([]);
    const meanwhile = new World(programme, jst('2026-11-24 14:00'))
      .tell(followed('2026-11-24 14:00'))
      .turnTo(jst('2026-11-25 14:00'))
      .tell(reported('identity.linked', jst('2026-11-25 14:00'), { ...HANAKO, ...friend }, { how: 'line-login' }))
      .turnTo(jst('2027-03-31 00:00'));
    expect(meanwhile.mail).toEqual([]);
  });
});
