import { beforeAll, describe, expect, test } from '@jest/globals';
import { CrmError } from '#core/error.ts';
import { asInstant } from '#core/ids.ts';
import type { LinePusher, MailToSend, ProviderAnswer } from '#core/ports/outward.ts';
import type { Manifest, Settings } from '#core/programme.ts';
import type { Judgement } from '#core/publication/judge-bucket.ts';
import { judgeFolder } from '#tools/scenario/folder.ts';
import { messagesOf, type ShownMessage } from '#tools/scenario/messages.ts';
import { previewPage } from '#tools/scenario/preview-page.ts';
import type { SendingStage } from '#tools/scenario/sending-stage.ts';
import { isOfStaff, sendTest } from '#tools/scenario/test-send.ts';
import { SETTINGS } from '../../support/builders.ts';
import { shippedIds } from '../../support/shipped.ts';

const NOW = asInstant('2026-11-24T01:00:00.000Z');
const STAFF = 'staff@shop.example.jp';
let judgement: Judgement;
beforeAll(async () => {
  judgement = await judgeFolder('scenarios');
});

describe('a preview', () => {
  test.each(shippedIds('scenarios'))('of %s fills in every message, and LINE would take them', (id) => {
    const messages = messagesOf(judgement, id, undefined, NOW);
    expect(messages.length).toBeGreaterThan(0);
    for (const one of messages) {
      expect(one.fault).toBeUndefined();
      expect(one.line?.problems ?? []).toEqual([]);
      const said = [one.mail?.subject, one.mail?.preheader, one.mail?.html, JSON.stringify(one.line)].join('\n');
      expect(said).not.toMatch(/\{\{|\{%|undefined|NaN|\[object/);
      if (one.mail) expect(one.mail.preheader).not.toBe('');
    }
  });

  test('is one page that shows the mail and the phone, and lets nothing in a message act', async () => {
    const [message] = messagesOf(judgement, 'cart-left', undefined, NOW);
    const odd: ShownMessage = {
      ...message!,
      channel: 'line',
      line: { messages: [{ type: 'text', text: '</script><b>' }], problems: [] },
    };
    const mail = messagesOf(judgement, 'cart-left', undefined, NOW).find((one) => one.mail)!;
    const page = await previewPage({ name: 'カゴ落ち', shop: 'えにし', who: '例', messages: [odd, mail] });
    expect(page).not.toContain('</script><b>');
    expect(page.match(/<iframe sandbox="allow-same-origin"/g)).toHaveLength(2);
    expect(page).toContain(mail.mail!.preheader);
    expect(page).not.toMatch(/^import |^export /m);
  });

  test('of a scenario that is not there names the one that was meant', () => {
    expect(() => messagesOf(judgement, 'cart-lef', undefined, NOW)).toThrow('cart-left');
  });
});

describe('a test message', () => {
  const settings: Settings = { ...SETTINGS, staff: [STAFF, `U${'1'.repeat(32)}`], sending: 'rehearsal' };
  function stage(over: Partial<Settings> = {}) {
    const mails: MailToSend[] = [];
    const pushes: Parameters<LinePusher['push']>[0][] = [];
    const accepted: ProviderAnswer = { kind: 'accepted' };
    const made: SendingStage = {
      manifest: { settings: { ...settings, ...over } } as Manifest,
      publicUrl: 'https://api.example.jp',
      mailer: {
        async send(mail) {
          mails.push(mail);
          return accepted;
        },
      },
      line: {
        async push(push) {
          pushes.push(push);
          return accepted;
        },
      },
    };
    return { made, mails, pushes };
  }
  const of = (channel: 'line' | 'email') =>
    messagesOf(judgement, 'cart-left', undefined, NOW, 'https://api.example.jp').find(
      (one) => one.channel === channel,
    )!;

  test('goes to the staff, marked, under no mailbox, with a link that stops nobody', async () => {
    const { made, mails } = stage();
    expect(await sendTest(made, of('email'), 'Staff@shop.example.jp')).toEqual({ kind: 'accepted' });
    expect(mails[0]?.subject).toMatch(/^【テスト送信】/);
    expect(mails[0]?.customerId).not.toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(mails[0]?.html).toContain('https://api.example.jp/u/test');
    expect(mails[0]?.unsubscribeUrl).toBeUndefined();
  });

  test('on LINE says first that it is one, in a push of its own where there is no room', async () => {
    const { made, pushes } = stage();
    await sendTest(made, of('line'), `U${'1'.repeat(32)}`);
    expect(pushes[0]?.messages[0]).toMatchObject({ text: expect.stringContaining('【テスト送信】') });
    const five = { ...of('line'), line: { messages: Array(5).fill({ type: 'text', text: 'a' }), problems: [] } };
    await sendTest(made, five, `U${'1'.repeat(32)}`);
    expect(pushes.slice(1).map(({ messages }) => messages.length)).toEqual([1, 5]);
    expect(new Set(pushes.map(({ messageId }) => messageId)).size).toBe(3);
  });

  test.each<[string, Partial<Settings>, string]>([
    ['to anybody else', {}, 'customer@example.jp'],
    ['when there is no staff', { staff: [] }, STAFF],
    ['while everything is stopped', { sending: 'stopped' }, STAFF],
    ['without a sender', { sender: { ...SETTINGS.sender, from: '' } }, STAFF],
  ])('is not sent %s', async (_, over, to) => {
    const { made, mails } = stage(over);
    const refused = await sendTest(made, of('email'), to).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CrmError);
    expect(String(refused)).not.toContain(to);
    expect(mails).toEqual([]);
  });

  test('knows the staff however an address is spelt', () => {
    expect(isOfStaff('STAFF@shop.example.jp', settings.staff)).toBe(true);
    expect(isOfStaff('staff@shop.example.jp.evil.example', settings.staff)).toBe(false);
    expect(isOfStaff('', settings.staff)).toBe(false);
  });
});
