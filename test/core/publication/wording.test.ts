import { describe, expect, test } from '@jest/globals';
import { lintLinePlan } from '#core/publication/line-plan.ts';
import type { ScenarioContent } from '#core/publication/verdict.ts';
import { lintWording } from '#core/publication/wording.ts';
import { SHIPPED } from '#core/scenario/settings.ts';

const rules = (text: string, isRepeated = true, wording?: { add: string[]; allow: string[] }) =>
  lintWording(text, wording, isRepeated).map(({ rule, position }) => `${rule} ${position?.line}:${position?.column}`);

describe('words that a letter should not say', () => {
  test.each([
    ['件名: 【緊急】お知らせ', 'wording-alarm 1:5'],
    ['あ\n本日限りの特別価格', 'wording-last-chance 2:1'],
    ['このクリームでシワが消えます', 'wording-medicine 1:8'],
    ['飲むだけで痩せる', 'wording-medicine 1:1'],
    ['皮膚科医もおすすめ', 'wording-medicine 1:1'],
    ['満足度No.1の化粧水', 'wording-superlative 1:1'],
    ['100%満足をお約束', 'wording-superlative 1:1'],
  ])('%s', (text, expected) => {
    expect(rules(text)).toEqual([expected]);
  });
  test.each(['うるおいを与え、肌を整えます', '本日はありがとうございます', '皮膚科の先生に聞きました'])(
    '%s is nothing to point out',
    (text) => expect(rules(text)).toEqual([]),
  );
  test('a last chance is one where nothing sends it again', () => {
    expect(rules('本日限り', false)).toEqual([]);
  });
  test('the shop adds words of its own, and allows what it can prove', () => {
    expect(rules('激安! 売上No.1', true, { add: ['激安'], allow: ['売上No.1'] })).toEqual(['wording-own 1:1']);
    expect(rules('売上No.1 満足度No.1', true, { add: [], allow: ['売上No.1'] })).toEqual(['wording-superlative 1:8']);
  });
  test('each says why and what to write instead, in both languages', () => {
    for (const one of lintWording('【緊急】本日限り 日本一 完治 激安', { add: ['激安'], allow: [] }, true)) {
      expect(one.message).toMatch(/^「.+」と書かれています。.+。$/);
      expect(one.suggestion).toBeTruthy();
      expect(one.messageEn).toMatch(/^It says/);
      expect(one.suggestionEn).toBeTruthy();
      expect(one.level).toBe('warning');
    }
  });
});

describe("the month's LINE messages", () => {
  const weekly = (more: Partial<ScenarioContent> = {}) => ({
    content: {
      id: 'w',
      name: '週のおすすめ',
      trigger: { every: 'week', on: 'friday', at: '19:00' },
      steps: [{ id: '1', send: { template: 't', channels: ['line', 'email'] } }],
      ...more,
    } as ScenarioContent,
    control: { status: 'live' as const },
  });
  const settings = (line: { monthlyQuota: number; friends?: number }) => ({ ...SHIPPED, line });
  const said = (...args: Parameters<typeof lintLinePlan>) => lintLinePlan(...args).map((one) => one.rule);

  test('are too many: friends, times, and how it was counted are told', () => {
    const [finding] = lintLinePlan([weekly()], settings({ monthlyQuota: 5000, friends: 2000 }));
    expect(finding).toMatchObject({ rule: 'line-quota', path: ['line', 'monthlyQuota'], level: 'warning' });
    expect(finding?.message).toBe(
      'LINEの配信数が、1か月の上限 5,000通を超えそうです。定期的に送る分だけで最大 約8,667通です(友だち 2,000人 × 1人あたり月4.3通: 週のおすすめ 4.3通)。',
    );
    expect(finding?.suggestion).toContain('simulate');
  });
  test('fit', () => expect(said([weekly()], settings({ monthlyQuota: 9000, friends: 2000 }))).toEqual([]));
  test('are never more than the weekly cap lets through', () => {
    const daily = Array.from({ length: 7 }, () => weekly());
    expect(said(daily, settings({ monthlyQuota: 17_400, friends: 2000 }))).toEqual([]);
    expect(said(daily, settings({ monthlyQuota: 17_300, friends: 2000 }))).toEqual(['line-quota']);
  });
  test("can't be told without the number of friends", () =>
    expect(said([weekly()], settings({ monthlyQuota: 5000 }))).toEqual(['line-friends']));
  test('are none of what is paused, goes by mail, or follows an event', () => {
    const mail = weekly({ steps: [{ id: '1', send: { template: 't', channels: ['email'] } }] });
    const event = weekly({ trigger: { event: 'order.placed' } });
    const paused = { ...weekly(), control: { status: 'paused' as const } };
    expect(said([mail, event, paused], settings({ monthlyQuota: 0, friends: 2000 }))).toEqual([]);
  });
  test('are asked of nobody who names no quota', () => expect(said([weekly()], SHIPPED)).toEqual([]));
});
