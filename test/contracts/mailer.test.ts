import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readMailEvent } from '#adapters/ses/mail-event.ts';
import { createMailer } from '#adapters/ses/mailer.ts';
import { asCustomerId, asInstant, asMessageId } from '#core/ids.ts';
import type { MailToSend } from '#core/ports/outward.ts';
import { aMailStage, type MailStage } from '../support/mail-stage.ts';

let stage: MailStage;
beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'ap-northeast-1' });
  stage = await aMailStage();
});
beforeEach(async () => {
  await stage.control('DELETE', 'faults');
  await stage.control('DELETE', 'messages');
  stage.events.length = 0;
});
afterAll(() => stage.close());

const aMailer = (options: { endpoint?: string; timeoutMilliseconds?: number; configurationSet?: string } = {}) =>
  createMailer({ configurationSet: 'crm-local', endpoint: stage.url, timeoutMilliseconds: 2000, ...options });
const aMail = (more: Partial<MailToSend> = {}): MailToSend => ({
  messageId: asMessageId(randomUUID()),
  customerId: asCustomerId('mailboxmailboxmailbox0'),
  address: asCustomerId('addressaddressaddress0'),
  at: asInstant('2026-11-24T00:30:00.000Z'),
  from: '"つばめ商店" <news@mail.example.jp>',
  replyTo: 'つばめ商店 お客さま係 <cs@example.jp>',
  to: 'hanako@example.com',
  subject: 'ご購入ありがとうございました 🍵',
  html: '<p>山田 花子さま</p>',
  text: '山田 花子さま',
  unsubscribeUrl: 'https://example.jp/u/TOKEN',
  ...more,
});

describe('a mail by SES', () => {
  test('arrives as it was meant: names readable, tags and headers kept', async () => {
    const mail = aMail();
    const answer = await aMailer().send(mail);
    const [kept] = await stage.mails();
    expect(answer).toEqual({ kind: 'accepted', providerId: kept?.sesId });
    expect(kept).toMatchObject({
      messageId: mail.messageId,
      from: 'つばめ商店 <news@mail.example.jp>',
      replyTo: ['つばめ商店 お客さま係 <cs@example.jp>'],
      to: ['hanako@example.com'],
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      configurationSet: 'crm-local',
      tags: { messageId: mail.messageId, customerId: mail.customerId, address: mail.address },
      headers: [
        { name: 'List-Unsubscribe', value: '<https://example.jp/u/TOKEN>' },
        { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
      ],
    });
  });
  test('without marketing has no unsubscribe headers', async () => {
    const { unsubscribeUrl: _, replyTo: __, ...service } = aMail();
    await aMailer().send(service);
    expect(await stage.mails()).toMatchObject([{ headers: [], replyTo: [] }]);
  });
  test('comes back in SES’s events with the ids it carried, and with what it is of', async () => {
    const about = {
      scenario: 'カゴ落ち',
      step: 'steps/0/then/1',
      template: '初回-1',
      variant: '手紙',
      kind: 'marketing',
    } as const;
    const mail = aMail({ about });
    await aMailer().send(mail);
    const [sent] = await stage.heard('Send');
    const [delivered] = await stage.heard('Delivery');
    for (const event of [sent, delivered]) {
      expect(event?.detail.mail.tags).toMatchObject({
        messageId: [mail.messageId],
        customerId: [mail.customerId],
        address: [mail.address],
        'ses:configuration-set': ['crm-local'],
      });
      const read = readMailEvent(event, asInstant('2026-11-24T00:31:00.000Z'));
      expect(read).toMatchObject({ to: mail.customerId, reported: { data: { messageId: mail.messageId, ...about } } });
    }
  });
  test('of which a name is too long for a tag goes out without that name', async () => {
    const step = 'あ'.repeat(100);
    const mail = aMail({ about: { scenario: 's', step, template: 't', kind: 'service' } });
    expect(await aMailer().send(mail)).toMatchObject({ kind: 'accepted' });
    const [sent] = await stage.heard('Send');
    const read = readMailEvent(sent, asInstant('2026-11-24T00:31:00.000Z'));
    const { data } = (read as { reported: { data: object } }).reported;
    expect(data).toMatchObject({ scenario: 's', template: 't', kind: 'service' });
    expect(data).not.toHaveProperty('step');
  });
  test.each(['lost-after-success', 'error-after-success'])(
    'whose answer is lost (%s) is unknown, sent once, and nothing tries again by itself',
    async (kind) => {
      await stage.control('POST', 'faults', { kind });
      expect(await aMailer().send(aMail())).toMatchObject({ kind: 'unknown' });
      expect(await stage.mails()).toHaveLength(1);
      expect(await stage.heard('Send')).toHaveLength(1);
    },
  );
  test('makes one request a call, whatever SES says', async () => {
    await stage.control('POST', 'faults', { kind: 'error', count: 3 });
    expect(await aMailer().send(aMail())).toEqual({ kind: 'unknown', reason: 'ses-http-500' });
    expect((await stage.control('GET', 'faults')).body).toMatchObject([{ count: 2 }]);
    expect(await stage.mails()).toEqual([]);
  });
  test('that takes too long is unknown', async () => {
    await stage.control('POST', 'faults', { kind: 'delay', seconds: 0.4 });
    const answer = await aMailer({ timeoutMilliseconds: 100 }).send(aMail());
    expect(answer).toEqual({ kind: 'unknown', reason: 'ses-timeout' });
  });
});

describe('what SES refuses', () => {
  test('too fast may be tried again soon', async () => {
    await stage.control('POST', 'faults', { kind: 'throttle' });
    const answer = await aMailer().send(aMail());
    expect(answer).toEqual({ kind: 'refused', isRetryable: true, reason: 'ses-throttled', retryAfterSeconds: 2 });
  });
  test('a rejected mail is final', async () => {
    await stage.control('POST', 'faults', { kind: 'reject' });
    expect(await aMailer().send(aMail())).toEqual({ kind: 'refused', isRetryable: false, reason: 'ses-rejected' });
  });
  test('an address SES can’t take is refused before it is asked', async () => {
    for (const to of ['花子@example.jp', 'hanako', 'a b@example.jp', 'a@exa mple.jp', '']) {
      const answer = await aMailer().send(aMail({ to }));
      expect(answer).toEqual({ kind: 'refused', isRetryable: false, reason: 'mail-address-malformed' });
    }
    expect(await aMailer().send(aMail({ from: 'つばめ商店' }))).toMatchObject({ reason: 'mail-sender-malformed' });
  });
  test('a domain in Japanese goes out in its ASCII form', async () => {
    expect(await aMailer().send(aMail({ to: 'hanako@日本語.jp' }))).toMatchObject({ kind: 'accepted' });
    expect(await stage.mails()).toMatchObject([{ to: ['hanako@xn--wgv71a119e.jp'] }]);
  });
  test('a line break in a subject or a name can’t begin a new header', async () => {
    const mail = aMail({
      subject: 'a\r\nBcc: evil@example.com',
      from: 'a\r\nBcc: evil@example.com <news@mail.example.jp>',
    });
    expect(await aMailer().send(mail)).toMatchObject({ kind: 'accepted' });
    const [kept] = await stage.mails();
    expect(kept?.subject).toBe('a Bcc: evil@example.com');
    expect(kept?.to).toEqual(['hanako@example.com']);
  });
  test('a bad request says no more than its kind', async () => {
    const answer = await aMailer({ configurationSet: 'a b' }).send(aMail());
    expect(answer).toEqual({ kind: 'refused', isRetryable: false, reason: 'ses-bad-request' });
  });
});

describe('answers as AWS words them', () => {
  const answering = async (status: number, type: string, message: string) => {
    const odd = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        response.writeHead(status, { 'x-amzn-errortype': type, 'content-type': 'application/json' });
        response.end(JSON.stringify({ message }));
      });
    });
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    const { port } = odd.address() as { port: number };
    const answer = await aMailer({ endpoint: `http://127.0.0.1:${port}` }).send(aMail());
    await new Promise((resolve) => odd.close(resolve));
    return answer;
  };
  const list = 'Email address is not verified. The following identities failed the check: hanako@example.com';
  test.each([
    [400, 'MessageRejected', list, { isRetryable: true, reason: 'ses-not-verified' }],
    [400, 'SendingPausedException', 'paused', { isRetryable: true, reason: 'ses-paused' }],
    [400, 'LimitExceededException', 'Daily message quota exceeded.', { isRetryable: true, reason: 'ses-quota' }],
    [404, 'NotFoundException', 'Configuration set <x> does not exist.', { reason: 'ses-configuration-set-missing' }],
    [403, 'AccessDeniedException', 'User x is not authorized', { isRetryable: true, reason: 'ses-access-denied' }],
    [400, 'SomethingNewException', 'hanako@example.com', { isRetryable: false, reason: 'ses-http-400' }],
  ])('%i %s', async (status, type, message, expected) => {
    const answer = await answering(status, type, message);
    expect(answer).toMatchObject({ kind: 'refused', ...expected });
    expect(JSON.stringify(answer)).not.toContain('hanako');
  });
  test('a 5xx of a kind that means refusal elsewhere is still unknown', async () => {
    expect(await answering(503, 'ThrottlingException', 'x')).toMatchObject({ kind: 'unknown' });
  });
  test('nobody listening means: not sent', async () => {
    const answer = await aMailer({ endpoint: 'http://127.0.0.1:9' }).send(aMail());
    expect(answer).toMatchObject({ kind: 'refused', isRetryable: true, reason: 'ses-unreachable' });
  });
});
