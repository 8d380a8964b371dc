import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMailFront } from '#tools/local/mail-front/mail-front.ts';
import type { Mail } from '#tools/local/mail-front/mail-store.ts';

interface SesEvent {
  'detail-type': string;
  source: string;
  time: string;
  resources: string[];
  detail: {
    eventType: string;
    mail: { messageId: string; timestamp: string; tags: Record<string, string[]>; destination: string[] };
  } & Record<string, unknown>;
}

/** A mail front on free ports with a clock to turn, and a stage that hears its events. */
export interface MailStage {
  url: string;
  /** What the stage was told, in order. */
  events: SesEvent[];
  /** Until that many events of a kind came, or two seconds have passed. */
  heard(eventType: string, count?: number): Promise<SesEvent[]>;
  turn(milliseconds: number): void;
  /** While true, the stage takes no event. */
  deafen(isDeaf: boolean): void;
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown; text: string }>;
  mails(to?: string): Promise<Mail[]>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function aMailStage(): Promise<MailStage> {
  const stateDir = await mkdtemp(join(tmpdir(), 'mail-stage-'));
  const events: SesEvent[] = [];
  let now = Date.parse('2026-11-24T00:30:00.000Z');
  let isDeaf = false;
  const start = () =>
    startMailFront({
      port: 0,
      inboxPort: 0,
      endpoint: 'http://127.0.0.1:9',
      stateDir,
      now: () => new Date(now),
      onError: () => undefined,
      rules: {
        place: async () => ({ account: '000000000000', region: 'ap-northeast-1' }),
        async deliver(event) {
          if (isDeaf) throw new Error('nobody there');
          events.push(event as SesEvent);
          return 1;
        },
      },
    });
  let front = await start();
  const control: MailStage['control'] = async (method, path, body) => {
    const answer = await fetch(`${front.url}/front/${path}`, {
      method,
      redirect: 'manual',
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    return { status: answer.status, body: isJson ? JSON.parse(text) : undefined, text };
  };
  const of = (eventType: string) => events.filter((event) => event.detail.eventType === eventType);
  return {
    get url() {
      return front.url;
    },
    events,
    async heard(eventType, count = 1) {
      for (let waited = 0; of(eventType).length < count && waited < 2000; waited += 20) await sleep(20);
      return of(eventType);
    },
    turn: (milliseconds) => {
      now += milliseconds;
    },
    deafen: (wish) => {
      isDeaf = wish;
    },
    control,
    async mails(to) {
      return (await control('GET', `messages${to === undefined ? '' : `?to=${to}`}`)).body as Mail[];
    },
    async restart() {
      await front.close();
      front = await start();
    },
    async close() {
      await front.close();
      await rm(stateDir, { recursive: true });
    },
  };
}
