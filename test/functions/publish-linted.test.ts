import { beforeEach, describe, expect, test } from '@jest/globals';
import { asInstant } from '#core/ids.ts';
import type { Report } from '#core/publication/report.ts';
import { createHandler } from '#functions/publish-programme/handler.ts';
import { FakeClock } from '../support/fakes/clock.ts';
import { FakeBucket, FakePublishedStore, theTools } from '../support/fakes/publication.ts';

const SENDER = {
  legalName: '縁屋株式会社',
  postalAddress: '京都市中京区1-2-3',
  contact: 'help@example.jp',
  optOutAddress: 'stop@example.jp',
  from: '縁屋 <news@example.jp>',
};
const mail = (subject: string, body = 'こんにちは') => `---
件名: ${subject}
プリヘッダー: お知らせ
---
<mjml><mj-body><mj-section><mj-column>
<mj-text>${body}</mj-text>
<mj-text><a href="{{ links.unsubscribe }}">配信を停止する</a> {{ shop.sender.legalName }} {{ shop.sender.postalAddress }}</mj-text>
</mj-column></mj-section></mj-body></mjml>`;
const scenario = (id: string, more: object = {}) => ({
  id,
  name: `シナリオ${id}`,
  trigger: { event: 'order.placed' },
  again: 'restart',
  steps: [{ wait: '2h' }, { id: '1', send: { template: 'thanks', channels: ['email'] } }],
  ...more,
});

let bucket: FakeBucket;
let store: FakePublishedStore;
let publish: () => Promise<string[]>;

beforeEach(() => {
  bucket = new FakeBucket();
  store = new FakePublishedStore();
  publish = createHandler({
    bucket,
    store,
    tools: theTools,
    clock: new FakeClock(asInstant('2026-11-24T03:00:00.000Z')),
    spread: { put: async () => undefined },
    effectDelaySeconds: 180,
    pause: async () => undefined,
  });
  bucket.upload('settings.json', { shopName: '縁屋', sender: SENDER });
  bucket.upload('templates/thanks/mail.mjml', mail('ありがとうございます'));
  bucket.upload('scenarios/after.json', scenario('after'));
});

const problemsOf = (key: string) =>
  bucket.report(key).problems.map(({ rule, path, line }) => `${rule} ${path || line}`);
const messages = (report: Report): string => report.problems.map(({ message }) => message).join('\n');

describe('what shows only beside other files', () => {
  test('two scenarios that write to the same people on the same day are published, each told of the other', async () => {
    bucket.upload(
      'scenarios/second.json',
      scenario('second', { steps: [{ wait: '5h' }, { id: '1', send: { template: 'thanks' } }] }),
    );
    await publish();
    for (const [key, other] of [
      ['scenarios/after.json', 'シナリオsecond'],
      ['scenarios/second.json', 'シナリオafter'],
    ] as const) {
      expect(bucket.report(key)).toMatchObject({ result: 'published' });
      expect(problemsOf(key)).toEqual(['too-close steps[1].send.template']);
      expect(messages(bucket.report(key))).toContain(`「${other}」`);
    }
  });
  test('a copy that kept its id is told of that alone, not as a rival of its original', async () => {
    bucket.upload('scenarios/second.json', scenario('second'));
    bucket.upload('scenarios/after copy.json', scenario('after'));
    await publish();
    expect(problemsOf('scenarios/after copy.json')).toEqual(['same-id id']);
    expect(problemsOf('scenarios/second.json')).toEqual([]);
  });
  test('a paused one is no rival', async () => {
    bucket.upload('scenarios/second.json', scenario('second', { status: 'paused' }));
    await publish();
    expect(problemsOf('scenarios/after.json')).toEqual([]);
  });
  test('words are pointed out where they stand, and a last chance only where a scenario sends it', async () => {
    bucket.upload('templates/thanks/mail.mjml', mail('【緊急】お知らせ', '本日限りの特別価格'));
    bucket.upload('templates/idle/mail.mjml', mail('お知らせ', '本日限りの特別価格'));
    bucket.upload('templates/thanks/line.json', { messages: [{ type: 'text', text: '売上No.1の化粧水' }] });
    await publish();
    expect(problemsOf('templates/thanks/mail.mjml')).toEqual(['wording-last-chance 6', 'wording-alarm 2']);
    expect(problemsOf('templates/thanks/line.json')).toEqual(['wording-superlative 5']);
    expect(problemsOf('templates/idle/mail.mjml')).toEqual([]);
    bucket.upload('settings.json', {
      sender: SENDER,
      wording: { add: ['特別価格'], allow: ['売上No.1', '【緊急】', '本日限り'] },
    });
    await publish();
    expect(problemsOf('templates/thanks/mail.mjml')).toEqual(['wording-own 6']);
    expect(problemsOf('templates/thanks/line.json')).toEqual([]);
  });
  test("a plan beyond the month's LINE messages is said of the settings", async () => {
    bucket.upload('templates/thanks/line.json', { messages: [{ type: 'text', text: 'こんにちは' }] });
    bucket.upload(
      'scenarios/weekly.json',
      scenario('weekly', {
        trigger: { every: 'week', on: 'friday', at: '19:00' },
        steps: [{ id: '1', send: { template: 'thanks', channels: ['line'] } }],
      }),
    );
    bucket.upload('settings.json', { sender: SENDER, line: { monthlyQuota: 200, friends: 1000 } });
    await publish();
    expect(problemsOf('settings.json')).toEqual(['line-quota line.monthlyQuota']);
    expect(store.current?.settings.line).toEqual({ monthlyQuota: 200, friends: 1000 });
  });
});

describe('whatever is uploaded, what runs goes on', () => {
  const SHIFT_JIS = new Uint8Array([0x7b, 0x22, 0x96, 0xbc, 0x91, 0x4f, 0x22, 0x3a, 0x31, 0x7d]);
  const BAD: [string, string | Uint8Array, string][] = [
    ['Shift_JIS', SHIFT_JIS, 'encoding'],
    ['5 MB', `{ "id": "x", "name": "${'x'.repeat(5_000_000)}" }`, 'too-large'],
    ['nothing at all', '', 'syntax'],
    ['an open brace', '{ "id": "x"', 'syntax'],
    ['a million brackets', '['.repeat(200_000), 'too-deep'],
    ['a list', '[]', 'kind'],
  ];
  const FILES = ['settings.json', 'segments/vip.json', 'templates/thanks/line.json'];
  test.each(FILES.flatMap((file) => BAD.map((bad) => [file, ...bad] as const)))(
    '%s: %s',
    async (file, _, body, rule) => {
      bucket.upload('segments/vip.json', { id: 'vip', name: 'VIP', when: { 'customer.orders.count': { '>=': 5 } } });
      bucket.upload('templates/thanks/line.json', { messages: [{ type: 'text', text: 'こんにちは' }] });
      await publish();
      const running = structuredClone(store.current);
      bucket.upload(file, body);
      await publish();
      expect(store.current).toEqual(running);
      const report = bucket.report(file);
      expect(report).toMatchObject({ result: 'refused' });
      expect(report.problems[0]).toMatchObject({ rule });
      expect(report.problems[0]?.message).toMatch(/[ぁ-んァ-ン一-龥]/);
    },
  );
  test('a mail in Shift_JIS, or of 5 MB', async () => {
    await publish();
    const running = structuredClone(store.current);
    for (const [body, rule] of [
      [SHIFT_JIS, 'encoding'],
      ['x'.repeat(5_000_000), 'too-large'],
    ] as const) {
      bucket.upload('templates/thanks/mail.mjml', body);
      await publish();
      expect(store.current).toEqual(running);
      expect(bucket.report('templates/thanks/mail.mjml').problems[0]).toMatchObject({ rule });
    }
  });
  test('a segment that asks for itself, and one that asks for one that asks back', async () => {
    await publish();
    const running = structuredClone(store.current);
    bucket.upload('segments/me.json', { id: 'me', name: '自分', when: { segment: 'me' } });
    bucket.upload('segments/a.json', { id: 'a', name: 'A', when: { segment: 'b' } });
    bucket.upload('segments/b.json', { id: 'b', name: 'B', when: { not: { segment: 'a' } } });
    await publish();
    expect(store.current).toEqual(running);
    expect(messages(bucket.report('segments/me.json'))).toContain('me → me');
    for (const id of ['a', 'b']) expect(problemsOf(`segments/${id}.json`)).toEqual(['segment-circle when']);
  });
});
