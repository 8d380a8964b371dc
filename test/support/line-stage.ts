import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLineSandbox } from '#tools/local/line-sandbox/line-sandbox.ts';
import type { Delivery } from '#tools/local/line-sandbox/store.ts';

export const CHANNEL_SECRET = '8c570fa6dd201bb328f1c1eac23a96d8';
export const TOKEN = 'test-channel-access-token';

interface Hook {
  headers: IncomingHttpHeaders;
  body: string;
}

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** A LINE sandbox on a free port with a clock to turn, and a shop that takes its webhooks. */
export interface LineStage {
  url: string;
  hooks: Hook[];
  /** What the shop answers from now on. */
  answerWebhooksWith(status: number): void;
  turn(milliseconds: number): void;
  /** Calls the Messaging API. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Calls the sandbox's own API. */
  control(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A new person; a friend unless said otherwise. */
  person(name: string, state?: 'stranger' | 'friend' | 'blocked'): Promise<string>;
  deliveries(to?: string): Promise<Delivery[]>;
  /** Stops and starts it again on the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function aLineStage(): Promise<LineStage> {
  const stateDir = await mkdtemp(join(tmpdir(), 'line-stage-'));
  const hooks: Hook[] = [];
  let hookStatus = 200;
  let now = Date.parse('2026-11-24T00:30:00.000Z');
  const shop = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      hooks.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(hookStatus).end();
    });
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const { port } = shop.address() as { port: number };
  const start = () =>
    startLineSandbox({
      port: 0,
      webhookUrl: `http://127.0.0.1:${port}/v1/line`,
      channelSecret: CHANNEL_SECRET,
      channelAccessToken: TOKEN,
      stateDir,
      now: () => new Date(now),
    });
  let sandbox = await start();

  async function ask(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: JSON.parse((await answer.text()) || '{}') };
  }
  const control: LineStage['control'] = (method, path, body) => ask(method, `/sandbox/${path}`, body, {});

  return {
    get url() {
      return sandbox.url;
    },
    hooks,
    answerWebhooksWith: (status) => {
      hookStatus = status;
    },
    turn: (milliseconds) => {
      now += milliseconds;
    },
    call: (method, path, body, headers = {}) =>
      ask(method, path, body, { authorization: `Bearer ${TOKEN}`, ...headers }),
    control,
    async person(displayName, state = 'friend') {
      const { userId } = (await control('POST', 'people', { displayName })).body as { userId: string };
      if (state !== 'stranger') await control('POST', `people/${userId}/follow`);
      if (state === 'blocked') await control('POST', `people/${userId}/block`);
      return userId;
    },
    async deliveries(to) {
      return (await control('GET', `messages${to === undefined ? '' : `?to=${to}`}`)).body as unknown as Delivery[];
    },
    async restart() {
      await sandbox.close();
      sandbox = await start();
    },
    async close() {
      await sandbox.close();
      await new Promise((resolve) => shop.close(resolve));
      await rm(stateDir, { recursive: true });
    },
  };
}
