import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Customer, DeployedShop } from '../support/deployed-shop.ts';

// What lies outside of Enishi, on the deployed stacks: the shop's own system behind a LINE button, coupon codes, and the printer's file.

const shop = new DeployedShop(8900);
const SECRET = 'geheim-fuer-die-box';
const who: Record<string, Customer> = {};
/** What the shop's system was asked, in order. */
const asked: { key: string; isSigned: boolean; body: { customer: { memberId: string }; event: { action: string } } }[] =
  [];
let server: Server;

/** The shop's system: busy at the very first call; swaps nothing; does whatever else it is asked. */
async function openShopsSystem(): Promise<string> {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const [, t, v1] = /^t=(\d+),v1=(\w+)$/.exec(String(request.headers['enishi-signature'])) ?? [];
      const isSigned = v1 === createHmac('sha256', SECRET).update(`${t}.${body}`).digest('hex');
      asked.push({ key: String(request.headers['idempotency-key']), isSigned, body: JSON.parse(body) });
      if (asked.length === 1) response.writeHead(503).end();
      else response.end(JSON.stringify({ isOk: asked.at(-1)?.body.event.action !== 'box.swap' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/box`;
}

beforeAll(async () => {
  const url = await openShopsSystem();
  await shop.open(['box-deadline', 'birthday', 'after-purchase'], {
    webhooks: { 'box-change': { url, secretName: 'box-change' } },
  });
  const secret = { Name: 'enishi/local/webhook-box-change', SecretString: SECRET };
  await shop.stage.clients.secrets.send(new CreateSecretCommand(secret));
  tellBoxes();
  tellBirthday();
  tellLetter();
  await shop.live(241);
}, 600_000);
afterAll(async () => {
  server.close();
  await shop.close();
}, 60_000);

const does = (day: number, time: string, name: string, deed: (customer: Customer) => Promise<void>): void =>
  shop.at(day, time, () => deed(who[name]!));

interface Pushed {
  messages: { type: string; template?: { actions: { label: string; data: string }[] } }[];
}

/** Presses a button of the newest message that has one, as the phone shows it. */
async function press({ lineUserId }: Customer, label: string): Promise<void> {
  const url = `${shop.stage.lineUrl}/sandbox`;
  const all = (await (await fetch(`${url}/messages?to=${lineUserId}`)).json()) as Pushed[];
  const buttons = all.flatMap(({ messages }) => messages.flatMap(({ template }) => template?.actions ?? []));
  const data = buttons.findLast((one) => one.label === label)?.data ?? 'no such button';
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ data, displayText: label });
  const answer = await fetch(`${url}/people/${lineUserId}/postback`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
}

function tellBoxes(): void {
  for (const [name, label] of [
    ['box-skips', '今回はお休みする'],
    ['box-swaps', 'おまかせで入れ替える'],
  ] as const) {
    shop.at(0, '09:50', async () => {
      who[name] = await shop.member(name);
      await shop.befriend(who[name]);
    });
    does(0, '10:00', name, async (customer) =>
      shop.tell(customer, 'box.proposed', { box: { id: `b ${name}`, deadlineAt: await shop.moment(5, '20:00') } }),
    );
    does(4, '12:00', name, (customer) => press(customer, label));
  }
}

function tellBirthday(): void {
  shop.at(0, '09:50', async () => {
    who.birthday = await shop.member('birthday');
  });
  does(0, '10:00', 'birthday', (customer) =>
    shop.tell(customer, 'customer.updated', { birthday: `1990-${shop.dateOf(20).slice(5)}` }),
  );
}

function tellLetter(): void {
  shop.at(0, '09:50', async () => {
    who.letter = await shop.member('letter');
  });
  does(0, '10:00', 'letter', async (customer) => {
    const home = { postalCode: '604-0000', prefecture: '京都府', city: '京都市中京区', address1: '二条通1-2' };
    await shop.tell(customer, 'customer.updated', { name: '=山田 花子', ...home });
    await shop.tell(customer, 'consent.changed', { channel: 'postal', isGranted: true, basis: 'form', by: 'customer' });
  });
  does(0, '11:00', 'letter', (customer) => shop.orders(customer, 'o-letter'));
}

const history = async (customer: Customer, type: string) =>
  (await shop.history(customer)).filter((event) => event.type === type).map(({ data }) => data);

describe('a LINE button', () => {
  test('reaches the shop’s system, signed, again with the same key after a 503, and is answered on LINE', async () => {
    const ofSkips = asked.filter(({ body }) => body.customer.memberId === 'm-box-skips');
    expect(asked.every(({ isSigned }) => isSigned)).toBe(true);
    expect(new Set(ofSkips.map(({ key }) => key)).size).toBe(1);
    expect(ofSkips.at(-1)?.body).toMatchObject({ event: { action: 'box.skip', box: { id: 'b box-skips' } } });
    expect(await history(who['box-skips']!, 'call.answered')).toMatchObject([{ webhook: 'box-change', isOk: true }]);
    expect(await shop.sent(who['box-skips']!, 'box-deadline')).toEqual(['first +3d 20h line', 'done +4d 12h line']);
    expect(asked.length).toBe(3);
  });

  test('that the shop can’t follow becomes a task in the timeline, and the customer is told', async () => {
    const swaps = who['box-swaps']!;
    expect(await shop.sent(swaps, 'box-deadline')).toEqual(['first +3d 20h line', 'sorry +4d 12h line']);
    expect(await history(swaps, 'task.opened')).toMatchObject([{ task: { team: 'CS' } }]);
  });
});

test('a birthday brings one code of its pool with both letters', async () => {
  expect(await shop.sent(who.birthday!, 'birthday')).toEqual(['before +13d 10h email', 'day +20d 10h email']);
  const [issued, ...more] = await history(who.birthday!, 'coupon.issued');
  expect([issued, more]).toMatchObject([{ coupon: { code: 'birthday-1', pool: 'birthday' } }, []]);
  const to = encodeURIComponent(who.birthday!.email);
  const mails = (await (await fetch(`${shop.stage.mailUrl}/front/messages?to=${to}`)).json()) as { text: string }[];
  expect(mails.map(({ text }) => text.includes('birthday-1'))).toEqual([true, true]);
});

test('a letter of day 240 lies in the printer’s file of its day, once, and no cell is a formula', async () => {
  expect((await shop.sent(who.letter!, 'after-purchase')).at(-1)).toBe('240 +240d 19h postal');
  const { lambda, s3 } = shop.stage.clients;
  const call = { FunctionName: 'enishi-local-hand-over-letters', Payload: Buffer.from('{}') };
  await shop.live(242);
  for (let turns = 0; turns < 2; turns++) {
    const answer = await lambda.send(new InvokeCommand(call));
    expect(answer.FunctionError).toBeUndefined();
  }
  const Key = `postal/${shop.dateOf(240)}/after-240.csv`;
  const file = await s3.send(new GetObjectCommand({ Bucket: shop.stage.name('LETTER_BUCKET'), Key }));
  const [head, row, ...rest] = ((await file.Body?.transformToString('utf-8')) ?? '').trim().split('\r\n');
  expect(head?.replace('\uFEFF', '')).toBe('郵便番号,都道府県,市区町村,町名番地,建物,氏名,品名');
  expect(row).toBe("604-0000,京都府,京都市中京区,二条通1-2,,'=山田 花子 様,化粧水");
  expect(rest).toEqual([]);
}, 120_000);
