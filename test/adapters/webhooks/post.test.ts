import { createHmac } from 'node:crypto';
import type { lookup } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { isPublicAddress } from '#adapters/webhooks/addresses.ts';
import { createWebhooks, type WebhooksOptions } from '#adapters/webhooks/post.ts';
import { asInstant } from '#core/ids.ts';

const NOON = asInstant('2026-11-24T03:00:00.000Z');
let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** A shop's system on this machine. */
async function shop(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => answer(request, response, body));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}
const post = (url: string, options: WebhooksOptions = { mayCallThisMachine: true }) =>
  createWebhooks(options).post({ url, secret: 'geheim', id: 'id-1', body: '{"箱":7}', at: NOON });

describe('a post', () => {
  test('is signed with its time, and carries its id', async () => {
    const seen: string[] = [];
    const url = await shop(({ method, headers }, response, body) => {
      const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['enishi-signature'])) ?? [];
      const expected = createHmac('sha256', 'geheim').update(`${seconds}.${body}`).digest('hex');
      seen.push(`${method} ${headers['idempotency-key']} ${headers['content-type']} ${body}`);
      response.end(JSON.stringify({ isOk: signature === expected && seconds === '1795489200' }));
    });
    expect(await post(url)).toEqual({ kind: 'answered', status: 200, text: '{"isOk":true}' });
    expect(seen).toEqual(['POST id-1 application/json; charset=utf-8 {"箱":7}']);
  });

  test('follows no redirect', async () => {
    let calls = 0;
    const url = await shop((_, response) => {
      calls++;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await post(url)).toEqual({ kind: 'answered', status: 302, text: '' });
    expect(calls).toBe(1);
  });

  test('reads a long answer no further than it must', async () => {
    const url = await shop((_, response) => response.end('x'.repeat(200_000)));
    expect(await post(url)).toEqual({ kind: 'answered', status: 200 });
  });

  test('tells a time-out from a door that is shut', async () => {
    const url = await shop(() => undefined);
    expect(await post(url, { mayCallThisMachine: true, timeoutMilliseconds: 50 })).toEqual({
      kind: 'trouble',
      reason: 'timeout',
    });
    server!.closeAllConnections();
    await new Promise((resolve) => server!.close(resolve));
    expect(await post(url)).toEqual({ kind: 'trouble', reason: 'unreachable' });
  });
});

describe('an address that may not be called', () => {
  test.each([
    'http://127.0.0.1:80/',
    'http://shop.example.jp/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://user:pass@shop.example.jp/',
    'file:///etc/passwd',
    'not an address',
  ])('%s', async (url) => {
    expect(await post(url, {})).toEqual({ kind: 'forbidden' });
  });

  test('is a public name whose address is this machine, or has one such among its addresses', async () => {
    const resolve = ((
      _name: string,
      _options: object,
      callback: (e: null, found: { address: string; family: number }[]) => void,
    ) =>
      callback(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.7', family: 4 },
      ])) as unknown as typeof lookup;
    expect(await post('https://rebind.example.jp/', { resolve })).toEqual({ kind: 'forbidden' });
  });
});

test.each([
  ['93.184.216.34', true],
  ['2606:4700::1111', true],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['127.0.0.53', false],
  ['169.254.169.254', false],
  ['172.31.255.255', false],
  ['192.168.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['fe80::1', false],
  ['fd00:ec2::254', false],
  ['::ffff:10.0.0.1', false],
  ['64:ff9b::a00:1', false],
  ['2002:a00:1::', false],
  ['2001:db8::1', false],
  ['shop.example.jp', false],
])('%s is a public address: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});
