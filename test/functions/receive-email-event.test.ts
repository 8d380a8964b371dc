import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHandler } from '#functions/receive-email-event/handler.ts';
import { IntakeWorld, logOf } from '#test/support/intake.ts';

const MESSAGE = '0f3779fb-a3b3-5996-8c5d-07db31eab56f';
const CUSTOMER = 'AAAAAAAAAAAAAAAAAAAAAA';
const ADDRESS = 'BBBBBBBBBBBBBBBBBBBBBB';
let world: IntakeWorld;
let handler: (event: unknown) => Promise<unknown>;

const aMailEvent = (
  eventType: string,
  more: object = {},
  tags: object = { messageId: [MESSAGE], customerId: [CUSTOMER], address: [ADDRESS] },
) => ({
  version: '0',
  id: 'b7c3',
  'detail-type': `Email ${eventType}`,
  source: 'aws.ses',
  account: '111122223333',
  time: '2026-11-22T01:02:04Z',
  region: 'ap-northeast-1',
  resources: ['arn:aws:ses:ap-northeast-1:111122223333:configuration-set/crm-prod'],
  detail: {
    eventType,
    ...more,
    mail: {
      timestamp: '2026-11-22T01:02:00.000Z',
      source: 'news@mail.example.jp',
      messageId: '0106019aaaaaaaaa',
      destination: ['a@example.com'],
      headers: [{ name: 'Subject', value: '化粧水のお礼' }],
      commonHeaders: { to: ['a@example.com'], subject: '化粧水のお礼' },
      tags: { 'ses:configuration-set': ['crm-prod'], ...tags },
    },
  },
});
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15';
const touch = (more: object = {}) => ({
  timestamp: '2026-11-22T01:05:00.000Z',
  ipAddress: '203.0.113.7',
  userAgent: PHONE,
  ...more,
});
async function told(event: unknown) {
  await handler(event);
  return world.events.map(({ type, customerId, occurredAt, data }) => ({ type, customerId, occurredAt, data }));
}

beforeEach(() => {
  world = new IntakeWorld();
  const take = createHandler(world);
  handler = (event) => logOf(() => take(event));
});

describe('SES', () => {
  const facts = { messageId: MESSAGE, channel: 'email', providerId: '0106019aaaaaaaaa', address: ADDRESS };

  test('took a mail: that settles a send whose answer was lost', async () => {
    expect(await told(aMailEvent('Send', { send: {} }))).toEqual([
      { type: 'message.sent', customerId: CUSTOMER, occurredAt: '2026-11-22T01:02:00.000Z', data: facts },
    ]);
    expect(world.events[0]).toMatchObject({ source: 'ses', identities: {}, hops: 0 });
    await handler(aMailEvent('Send', { send: {} }));
    expect(world.events).toHaveLength(1);
  });

  test('took a mail before its sender told of it: what the mail is of stands in the history all the same', async () => {
    const name = (text: string) => [Buffer.from(text).toString('base64url')];
    const tags = {
      messageId: [MESSAGE],
      customerId: [CUSTOMER],
      scenario: name('再入荷'),
      step: name('asked'),
      template: name('restock'),
      kind: ['service'],
    };
    for (const type of ['Send', 'Delivery']) await handler(aMailEvent(type, {}, tags));
    const about = { scenario: '再入荷', step: 'asked', template: 'restock', kind: 'service' };
    expect(world.events).toMatchObject([
      { type: 'message.sent', data: about },
      { type: 'message.delivered', data: about },
    ]);
  });

  test('delivered it, saw it opened and clicked', async () => {
    await handler(
      aMailEvent('Delivery', { delivery: { timestamp: '2026-11-22T01:02:03.000Z', recipients: ['a@example.com'] } }),
    );
    await handler(aMailEvent('Open', { open: touch() }));
    await handler(aMailEvent('Click', { click: touch({ link: 'https://shop.example/lotion', linkTags: null }) }));
    expect(world.events.map(({ type, customerId, occurredAt, data }) => [type, customerId, occurredAt, data])).toEqual([
      ['message.delivered', CUSTOMER, '2026-11-22T01:02:03.000Z', facts],
      ['message.opened', CUSTOMER, '2026-11-22T01:05:00.000Z', { ...facts, isMachine: false }],
      [
        'message.clicked',
        CUSTOMER,
        '2026-11-22T01:05:00.000Z',
        { ...facts, isMachine: false, link: 'https://shop.example/lotion' },
      ],
    ]);
  });

  test('tells of two opens at two times and one told twice: two events', async () => {
    for (const minute of ['05', '06', '05'])
      await handler(aMailEvent('Open', { open: touch({ timestamp: `2026-11-22T01:${minute}:00.000Z` }) }));
    expect(world.events).toHaveLength(2);
  });

  test('could not deliver it: the address hears of it, by its own mailbox, and nobody is named', async () => {
    const bounce = {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: 'a@example.com' }],
      timestamp: '2026-11-22T01:02:03.000Z',
    };
    await handler(aMailEvent('Bounce', { bounce }));
    await handler(
      aMailEvent('Bounce', {
        bounce: {
          ...bounce,
          bounceType: 'Transient',
          bounceSubType: 'MailboxFull',
          timestamp: '2026-11-22T01:03:00.000Z',
        },
      }),
    );
    expect(world.events).toMatchObject([
      { type: 'message.bounced', customerId: ADDRESS, data: { ...facts, isPermanent: true, reason: 'bounced' } },
      { type: 'message.bounced', customerId: ADDRESS, data: { ...facts, isPermanent: false, reason: 'undelivered' } },
    ]);
    expect(JSON.stringify(world.events)).not.toMatch(/a@example\.com|203\.0\.113/);
  });

  test('was told that it is spam, or that it is not', async () => {
    const complaint = (complaintFeedbackType: string | null) => ({
      complaint: { complaintFeedbackType, timestamp: '2026-11-22T02:00:00.000Z' },
    });
    await handler(aMailEvent('Complaint', complaint('not-spam')));
    expect(world.events).toEqual([]);
    expect(await told(aMailEvent('Complaint', complaint(null)))).toMatchObject([
      { type: 'message.complained', customerId: ADDRESS, data: { reason: 'complained' } },
    ]);
  });

  test.each([
    ['Reject', { reject: { reason: 'Bad content' } }, 'refused'],
    ['Rendering Failure', { failure: { errorMessage: 'x' } }, 'render-failed'],
  ])('did not send it after all (%s)', async (type, more, reason) => {
    expect(await told(aMailEvent(type, more))).toMatchObject([
      { type: 'message.failed', customerId: CUSTOMER, data: { reason } },
    ]);
  });

  test.each([
    ['a delay', aMailEvent('DeliveryDelay', {})],
    ['a subscription', aMailEvent('Subscription', {})],
    ['something new', aMailEvent('Teleported', {})],
    ['a mail of somebody else', aMailEvent('Open', { open: touch() }, {})],
    [
      'a tag that is no id of ours',
      aMailEvent('Open', { open: touch() }, { messageId: ['x'], customerId: [CUSTOMER] }),
    ],
    ['tags that are no lists', aMailEvent('Open', { open: touch() }, { messageId: MESSAGE, customerId: CUSTOMER })],
    ['a bounce without its address', aMailEvent('Bounce', {}, { messageId: [MESSAGE], customerId: [CUSTOMER] })],
    ['another source', { detail: { state: 'running' } }],
    ['nothing', undefined],
  ])('tells %s: counted, never thrown', async (_, event) => {
    await handler(event);
    expect(world.calls).toBe(0);
  });

  test('tells whatever it may: never thrown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom('bounce', 'open', 'click', 'delivery', 'complaint'), fc.jsonValue()),
        async (any, parts) => {
          await handler(any);
          for (const type of ['Open', 'Click', 'Bounce', 'Complaint', 'Delivery'])
            await handler(aMailEvent(type, parts));
        },
      ),
    );
  });
});

describe('an open or a click', () => {
  test.each([
    ['by a person on a phone', 'Open', touch(), false],
    [
      "through Gmail's proxy, which asks when a person opens",
      'Open',
      touch({ userAgent: 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)' }),
      false,
    ],
    ["by Apple's privacy proxy", 'Open', touch({ userAgent: 'Mozilla/5.0' }), true],
    [
      'by a gateway that tries each link',
      'Click',
      touch({ userAgent: 'Mozilla/5.0 (compatible; BarracudaCentral)' }),
      true,
    ],
    ['by a script', 'Click', touch({ userAgent: 'python-requests/2.32' }), true],
    ['without a user agent', 'Click', touch({ userAgent: '' }), true],
    ['a second after the mail left', 'Click', touch({ timestamp: '2026-11-22T01:02:01.000Z' }), true],
    ['that SES itself marks', 'Open', touch({ isAutomated: true }), true],
  ])('%s', async (_, type, more, isMachine) => {
    await handler(aMailEvent(type, { [type.toLowerCase()]: more }));
    expect(world.events[0]!.data).toMatchObject({ isMachine });
  });
});

test('with a clock that stands before SES’s the event is taken at ours', async () => {
  world.now = '2026-11-21T00:30:00.000Z' as typeof world.now;
  expect(await told(aMailEvent('Send'))).toMatchObject([{ occurredAt: world.now }]);
});

test('in trouble the event goes to the intake queue; without the queue Lambda must come again', async () => {
  world.trouble = 'mailbox';
  await handler(aMailEvent('Send'));
  expect(world.queued).toHaveLength(1);
  world.trouble = 'both';
  await expect(handler(aMailEvent('Send'))).rejects.toThrow();
});
