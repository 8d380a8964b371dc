import { createServer } from 'node:http';
import {
  CreateEmailTemplateCommand,
  GetAccountCommand,
  SESv2Client,
  SendBulkEmailCommand,
  SendEmailCommand,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { aMailStage, type MailStage } from '../../support/mail-stage.ts';

let stage: MailStage;
let client: SESv2Client;
const aClient = () =>
  new SESv2Client({
    endpoint: stage.url,
    region: 'ap-northeast-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
beforeAll(async () => {
  stage = await aMailStage();
  client = aClient();
});
beforeEach(async () => {
  await stage.control('DELETE', 'messages');
  stage.events.length = 0;
  stage.deafen(false);
});
afterAll(() => stage.close());

const aSend = (more: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput => ({
  FromEmailAddress: 'news@mail.example.jp',
  Destination: { ToAddresses: ['hanako@example.com'] },
  ConfigurationSetName: 'crm',
  EmailTags: [{ Name: 'messageId', Value: 'm1' }],
  Content: { Simple: { Subject: { Data: '件名' }, Body: { Html: { Data: '<p>本文</p>' } } } },
  ...more,
});
const send = (more: Partial<SendEmailCommandInput> = {}) => client.send(new SendEmailCommand(aSend(more)));
const withHeaders = (Headers: { Name: string; Value: string }[]) => ({
  Content: { Simple: { ...aSend().Content!.Simple!, Headers } },
});
const to = (address: string) => ({ Destination: { ToAddresses: [address] } });
const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ Name: `t${index}`, Value: 'v' }));

describe('SES’s rules', () => {
  const faults: [string, Partial<SendEmailCommandInput>][] = [
    ['no sender', { FromEmailAddress: '' }],
    ['a name that is not encoded', { FromEmailAddress: 'つばめ <news@mail.example.jp>' }],
    ['no configuration set', { ConfigurationSetName: '' }],
    ['no recipient', { Destination: {} }],
    ['a local part that is not ASCII', to('花子@example.com')],
    ['a domain that is not ASCII', to('hanako@日本語.jp')],
    ['no address at all', to('hanako')],
    [
      '51 recipients',
      { Destination: { ToAddresses: Array.from({ length: 51 }, (_, index) => `a${index}@example.com`) } },
    ],
    ['a tag with an address in it', { EmailTags: [{ Name: 'to', Value: 'hanako@example.com' }] }],
    ['51 tags', { EmailTags: numbered(51) }],
    ['one tag twice', { EmailTags: [...numbered(1), ...numbered(1)] }],
    ['16 headers', withHeaders(Array.from({ length: 16 }, (_, index) => ({ Name: `X-${index}`, Value: 'v' })))],
    ['a header in Japanese', withHeaders([{ Name: 'X-Shop', Value: 'つばめ' }])],
    ['a header too long', withHeaders([{ Name: 'X-Long', Value: 'a'.repeat(996) }])],
    ['a header SES writes itself', withHeaders([{ Name: 'Subject', Value: 'a' }])],
    ['no body', { Content: { Simple: { Subject: { Data: 'a' }, Body: {} } } }],
    ['no subject', { Content: { Simple: { Subject: { Data: '' }, Body: { Text: { Data: 'a' } } } } }],
    ['two contents', { Content: { ...aSend().Content, Raw: { Data: Buffer.from('a') } } }],
  ];
  test.each(faults)('%s is a bad request, and nothing is sent', async (_what, more) => {
    await expect(send(more)).rejects.toMatchObject({ name: 'BadRequestException' });
    expect(await stage.mails()).toEqual([]);
  });
  test('50 tags and 15 headers are fine', async () => {
    const headers = Array.from({ length: 15 }, (_, index) => ({ Name: `X-${index}`, Value: 'v' }));
    await expect(send({ EmailTags: numbered(50), ...withHeaders(headers) })).resolves.toBeDefined();
  });
  test('a request without a signature is refused', async () => {
    const answer = await fetch(`${stage.url}/v2/email/outbound-emails`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(403);
  });
});

describe('what else the API answers', () => {
  test('the account says what may be sent and what was', async () => {
    await send();
    const account = await client.send(new GetAccountCommand({}));
    expect(account).toMatchObject({ ProductionAccessEnabled: true, SendQuota: { SentLast24Hours: 1 } });
  });
  test('a template is filled in, for one and for many', async () => {
    const TemplateContent = { Subject: '{{name}}さまへ', Html: '<p>{{name}}さま</p>', Text: '{{name}}さま' };
    await client.send(new CreateEmailTemplateCommand({ TemplateName: 'hello', TemplateContent }));
    const template = { TemplateName: 'hello', TemplateData: '{"name":"花子"}' };
    await send({ Content: { Template: template } });
    const entry = (address: string, name: string, tag: string) => ({
      Destination: { ToAddresses: [address] },
      ReplacementTags: [{ Name: 'messageId', Value: tag }],
      ReplacementHeaders: [{ Name: 'List-Unsubscribe', Value: `<https://example.jp/u/${tag}>` }],
      ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: JSON.stringify({ name }) } },
    });
    const { BulkEmailEntryResults } = await client.send(
      new SendBulkEmailCommand({
        FromEmailAddress: 'news@mail.example.jp',
        ConfigurationSetName: 'crm',
        DefaultEmailTags: [{ Name: 'campaign', Value: 'c1' }],
        DefaultContent: { Template: template },
        BulkEmailEntries: [entry('taro@example.com', '太郎', 'b1'), entry('じろう@example.com', '次郎', 'b2')],
      }),
    );
    expect(BulkEmailEntryResults?.map((result) => result.Status)).toEqual(['SUCCESS', 'INVALID_PARAMETER']);
    const [one, many] = await stage.mails();
    expect(one).toMatchObject({ subject: '花子さまへ', html: '<p>花子さま</p>' });
    expect(many).toMatchObject({
      sesId: BulkEmailEntryResults?.[0]?.MessageId,
      subject: '太郎さまへ',
      tags: { campaign: 'c1', messageId: 'b1' },
      headers: [{ name: 'List-Unsubscribe', value: '<https://example.jp/u/b1>' }],
    });
  });
  test('a mail as MIME source is read', async () => {
    const source = 'From: news@mail.example.jp\r\nTo: hanako@example.com\r\nSubject: hello\r\n\r\nbody\r\n';
    await send({ Content: { Raw: { Data: Buffer.from(source) } } });
    expect(await stage.mails()).toMatchObject([{ subject: 'hello', text: expect.stringContaining('body') }]);
  });
});

describe('what became of a mail', () => {
  test('Send and Delivery come in order, with the times and form of SES’s events', async () => {
    const { MessageId } = await send();
    await stage.heard('Delivery');
    expect(stage.events).toMatchObject([
      {
        source: 'aws.ses',
        'detail-type': 'Email Sent',
        time: '2026-11-24T00:30:00Z',
        resources: ['arn:aws:ses:ap-northeast-1:000000000000:configuration-set/crm'],
        detail: {
          eventType: 'Send',
          send: {},
          mail: {
            timestamp: '2026-11-24T00:30:00.000Z',
            source: 'news@mail.example.jp',
            messageId: MessageId,
            destination: ['hanako@example.com'],
            tags: { messageId: ['m1'], 'ses:configuration-set': ['crm'] },
          },
        },
      },
      {
        'detail-type': 'Email Delivered',
        detail: {
          eventType: 'Delivery',
          delivery: { recipients: ['hanako@example.com'], smtpResponse: '250 2.0.0 OK' },
        },
      },
    ]);
  });
  test.each([
    ['bounce', 'Bounce', { bounce: { bounceType: 'Permanent', bounceSubType: 'General' } }],
    ['softbounce+2', 'Bounce', { bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull' } }],
    ['suppressionlist', 'Bounce', { bounce: { bounceType: 'Permanent', bounceSubType: 'OnAccountSuppressionList' } }],
    ['Complaint', 'Complaint', { complaint: { complaintFeedbackType: 'abuse' } }],
    ['virus', 'Reject', { reject: { reason: 'Bad content' } }],
  ])('%s@example.com ends as %s', async (local, eventType, detail) => {
    await send(to(`${local}@example.com`));
    expect(await stage.heard(eventType)).toMatchObject([{ detail }]);
    const isDelivered = stage.events.some((event) => event.detail.eventType === 'Delivery');
    expect(isDelivered).toBe(eventType === 'Complaint');
  });
  test('a reader’s opening and click are told at the time of the stage’s clock', async () => {
    const html =
      '<p><a href="https://example.jp/a?x=1&amp;y=2">見る</a><a ses:no-track href="https://example.jp/b">外</a></p>';
    const { MessageId } = await send({
      Content: { Simple: { Subject: { Data: 'a' }, Body: { Html: { Data: html } } } },
    });
    stage.turn(3_600_000);
    const page = (await stage.control('GET', `messages/${MessageId}/body`)).text;
    expect(page).toContain(`/front/messages/${MessageId}/click?link=0`);
    expect(page).toContain('href="https://example.jp/b"');
    await stage.control('GET', `messages/${MessageId}/open.gif`);
    const click = await stage.control('GET', `messages/${MessageId}/click?link=0`);
    expect(click.status).toBe(302);
    expect(await stage.heard('Open')).toMatchObject([{ detail: { open: { timestamp: '2026-11-24T01:30:00.000Z' } } }]);
    expect(await stage.heard('Click')).toMatchObject([{ detail: { click: { link: 'https://example.jp/a?x=1&y=2' } } }]);
    expect((await stage.control('GET', `messages/${MessageId}/click?link=7`)).status).toBe(404);
  });
  test('an event the stage did not take is shown as such and holds up no other', async () => {
    stage.deafen(true);
    const { MessageId } = await send();
    const { body } = await stage.control('POST', `messages/${MessageId}/happen`, { type: 'Open' });
    expect(body).toMatchObject({ type: 'Open', state: 'failed' });
    stage.deafen(false);
    const again = await stage.control('POST', `messages/${MessageId}/happen`, { type: 'Complaint' });
    expect(again.body).toMatchObject({ state: 'told' });
  });
  test('the mail program’s own unsubscribe button posts without a page', async () => {
    const got: string[] = [];
    const shop = createServer((request, response) => {
      request.on('data', (part) => got.push(`${request.method} ${request.url} ${part}`));
      request.on('end', () => response.writeHead(200).end());
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    const { port } = shop.address() as { port: number };
    const { MessageId } = await send(
      withHeaders([
        { Name: 'List-Unsubscribe', Value: `<http://127.0.0.1:${port}/u/TOKEN>` },
        { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
      ]),
    );
    expect((await stage.control('POST', `messages/${MessageId}/unsubscribe`)).body).toEqual({ status: 200 });
    expect(got).toEqual(['POST /u/TOKEN List-Unsubscribe=One-Click']);
    await new Promise((resolve) => shop.close(resolve));
  });
});

test('mails and what became of them outlive a stop and a start, which tells what was still on its way', async () => {
  await send();
  await stage.restart();
  client = aClient();
  const [mail] = await stage.mails();
  expect(mail?.events).toMatchObject([
    { type: 'Send', state: 'told' },
    { type: 'Delivery', state: 'told' },
  ]);
});

test('a mail’s page can run no script and draws Japanese by a font from here', async () => {
  const { MessageId } = await send({
    Content: {
      Simple: {
        Subject: { Data: 'a' },
        Body: { Html: { Data: '<p style="font-family:Arial">あ</p><script>alert(1)</script>' } },
      },
    },
  });
  const answer = await fetch(`${stage.url}/front/messages/${MessageId}/body`);
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/script-src|allow-scripts|allow-same-origin/);
  expect(await answer.text()).toContain('style="font-family:Noto Sans JP Variable, Arial"');
  expect(await (await fetch(stage.url)).text()).toContain('<html lang="ja">');
});
