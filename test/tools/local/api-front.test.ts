import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { startApiFront } from '#tools/local/api-front.ts';
import { checkPortsFree } from '#tools/local/places.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test('the API front hands on bytes, headers and status as they are, and says 502 when nobody answers behind it', async () => {
  let seen: { url: string | undefined; headers: IncomingMessage['headers']; body: Buffer } | undefined;
  const behind = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    seen = { url: request.url, headers: request.headers, body: Buffer.concat(parts) };
    response.writeHead(202, { 'x-answer': 'yes' }).end('{"ok":true}');
  });
  await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(behind.address() as AddressInfo).port}`;
  const port = await freePort();
  const front = await startApiFront({ port, endpoint, apiId: 'abc123' });
  closers.push(front.close);
  const body = Buffer.from([0x7b, 0x22, 0xff, 0x00, 0x7d]);
  const answer = await fetch(`${front.url}/v1/carts/shopify/a.myshopify.com?x=%2F`, {
    method: 'POST',
    headers: { 'X-Shopify-Hmac-Sha256': 'abc=' },
    body,
  });
  expect([answer.status, answer.headers.get('x-answer'), await answer.text()]).toEqual([202, 'yes', '{"ok":true}']);
  expect(seen?.url).toBe('/_aws/execute-api/abc123/$default/v1/carts/shopify/a.myshopify.com?x=%2F');
  expect(seen?.headers['x-shopify-hmac-sha256']).toBe('abc=');
  expect(seen?.body.equals(body)).toBe(true);
  await expect(checkPortsFree({ api: port })).rejects.toThrow(`Port ${port} is taken by another program`);
  behind.closeAllConnections();
  await new Promise((resolve) => behind.close(resolve));
  expect((await fetch(front.url)).status).toBe(502);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
