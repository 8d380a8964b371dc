import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Faults } from '../faults.ts';
import { answerFile, answerFont, answerJson, Listeners, listen, SHARED_FILES, SHARED_PAGE } from '../web.ts';
import { answerApi } from './api.ts';
import { answerControl } from './control.ts';
import { Store } from './store.ts';
import { createWebhookSender } from './webhook.ts';

export interface LineSandboxOptions {
  /** 0 takes any free port. */
  port: number;
  /** @default 127.0.0.1 */
  host?: string;
  /** Where the shop listens: `http://127.0.0.1:8401/v1/line`. */
  webhookUrl: string;
  channelSecret: string;
  channelAccessToken: string;
  /** Holds `line-sandbox.json`; made when it isn't there. */
  stateDir: string;
  /** The stage's clock, which may be turned. */
  now: () => Date | Promise<Date>;
  /** The account's name on the phone. @default つばめ商店 */
  accountName?: string;
  /** Told of a bug in the sandbox itself. @default written to standard error */
  onError?: (error: unknown) => void;
}

export interface LineSandbox {
  /** The phone page, and what the pusher takes as its base address. */
  url: string;
  /** Writes the state and ends. */
  close(): Promise<void>;
}

/** LINE refuses bodies over 2 MB. */
const LIMIT = 2_000_000;
const PAGE = join(import.meta.dirname, 'page');
const FILES = ['index.html', 'phone.css', 'chat.css', 'phone.js', 'chat.js', 'flex.js'];

/** Starts the stand-in for LINE: its Messaging API with its rules, signed webhooks, and a phone to look at. */
export async function startLineSandbox(options: LineSandboxOptions): Promise<LineSandbox> {
  const { channelSecret, channelAccessToken, webhookUrl, accountName = 'つばめ商店' } = options;
  const onError = options.onError ?? ((error: unknown) => console.error('LINE sandbox:', error));
  const now = async () => options.now();
  const listeners = new Listeners();
  const store = await Store.open(join(options.stateDir, 'line-sandbox.json'), (userId) =>
    listeners.tell({ userId: userId ?? null }),
  );
  const faults = new Faults();
  const destination = `U${createHash('sha256').update(channelSecret).digest('hex').slice(0, 32)}`;
  const webhooks = createWebhookSender({ webhookUrl, channelSecret, destination, now, store });
  const wait = (seconds: number) => sleep(seconds * 1000, undefined, { ref: false });
  const api = { channelAccessToken, destination, accountName, now, store, faults, wait };
  const control = { accountName, now, store, faults, webhooks, listeners };

  const server = await listen({
    host: options.host ?? '127.0.0.1',
    port: options.port,
    limitBytes: LIMIT,
    onError,
    async handle(call) {
      const isAnswered =
        (await answerApi(call, api)) ||
        (await answerControl(call, control)) ||
        (await answerFont(call)) ||
        (await answerFile(call, PAGE, FILES)) ||
        (await answerFile(call, SHARED_PAGE, SHARED_FILES));
      if (!isAnswered) answerJson(call.response, 404, { message: 'Not found' });
    },
  });
  return {
    url: server.url,
    async close() {
      await server.close();
      await store.flush();
    },
  };
}
