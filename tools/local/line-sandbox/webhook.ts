import { createHmac, randomBytes } from 'node:crypto';
import type { SentWebhook, Store } from './store.ts';

/** LINE waits two seconds. A slow answer is kept apart here, but waited for: a cold start on a small machine is no loss. */
const LINE_PATIENCE = 2000;
const OUR_PATIENCE = 15_000;

export interface WebhookSender {
  /** Sends one event, signed, and remembers it. */
  send(userId: string, event: { type: string } & Record<string, unknown>): Promise<SentWebhook>;
  /** The same event once more, with `isRedelivery`. */
  redeliver(sent: SentWebhook): Promise<SentWebhook>;
  /** What the console's "Verify" button does: no events. True when it was answered with 200. */
  verify(): Promise<boolean>;
}

interface Options {
  webhookUrl: string;
  channelSecret: string;
  destination: string;
  now: () => Promise<Date>;
  store: Store;
}

/** `x-line-signature` of a body. */
const signatureOf = (body: string, channelSecret: string): string =>
  createHmac('sha256', channelSecret).update(body).digest('base64');

/** Sends what happens on the phone to the shop's webhook, as LINE does. */
export function createWebhookSender({ webhookUrl, channelSecret, destination, now, store }: Options): WebhookSender {
  async function post(events: unknown[]): Promise<{ status: SentWebhook['tries'][number]['status']; took: number }> {
    const body = JSON.stringify({ destination, events });
    const begun = performance.now();
    const took = () => Math.round(performance.now() - begun);
    try {
      const answer = await fetch(webhookUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'LineBotWebhook/2.0',
          'x-line-signature': signatureOf(body, channelSecret),
        },
        body,
        signal: AbortSignal.timeout(OUR_PATIENCE),
      });
      await answer.arrayBuffer();
      return { status: answer.status, took: took() };
    } catch (error) {
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      return { status: isLate ? 'timeout' : 'unreachable', took: took() };
    }
  }

  async function attempt(sent: SentWebhook, isRedelivery: boolean): Promise<SentWebhook> {
    const at = (await now()).toISOString();
    const { status, took } = await post([{ ...sent.event, deliveryContext: { isRedelivery } }]);
    store.addTry(sent, { at, isRedelivery, status, milliseconds: took });
    return sent;
  }

  return {
    async send(userId, event) {
      const at = await now();
      const sent: SentWebhook = {
        webhookEventId: ulid(at.getTime()),
        userId,
        type: event.type,
        event: {},
        tries: [],
      };
      sent.event = {
        ...event,
        mode: 'active',
        timestamp: at.getTime(),
        source: { type: 'user', userId },
        webhookEventId: sent.webhookEventId,
        deliveryContext: { isRedelivery: false },
      };
      store.addWebhook(sent);
      return attempt(sent, false);
    },
    redeliver: (sent) => attempt(sent, true),
    async verify() {
      return (await post([])).status === 200;
    },
  };
}

/** Whether LINE itself would have counted the try as received. */
export const isReceived = ({ status, milliseconds }: SentWebhook['tries'][number]): boolean =>
  typeof status === 'number' && status >= 200 && status < 300 && milliseconds <= LINE_PATIENCE;

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 48 bits of time, 80 bits of chance. */
function ulid(milliseconds: number): string {
  let time = '';
  for (let rest = milliseconds, place = 0; place < 10; place++, rest = Math.floor(rest / 32)) {
    time = CROCKFORD.charAt(rest % 32) + time;
  }
  const chance = [...randomBytes(16)].map((byte) => CROCKFORD.charAt(byte % 32)).join('');
  return time + chance;
}
