import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Faults } from '../faults.ts';
import { REGION } from '../places.ts';
import {
  answerFile,
  answerFont,
  answerJson,
  answerPicture,
  Listeners,
  listen,
  SHARED_FILES,
  SHARED_PAGE,
} from '../web.ts';
import { createEventRules, type EventRules } from './event-rules.ts';
import { answerFront } from './front-control.ts';
import { startInbox } from './inbox.ts';
import { createMailLife } from './mail-life.ts';
import { MailStore } from './mail-store.ts';
import { answerSes } from './ses-api.ts';

export interface MailFrontOptions {
  /** 0 takes any free port. */
  port: number;
  /** Where `aws-ses-v2-local` listens behind the front; 0 takes any free port. */
  inboxPort: number;
  /** @default 127.0.0.1 */
  host?: string;
  /** The AWS-compatible endpoint whose EventBridge rules hear of the mails. */
  endpoint: string;
  /** @default test/test */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** Holds `mail-front.json`; made when it isn't there. */
  stateDir: string;
  /** The stage's clock, which may be turned. */
  now: () => Date | Promise<Date>;
  /** Who hears the events. @default the rules of the endpoint's default bus */
  rules?: EventRules;
  /** Told of events that nobody took and of bugs in the front. @default written to standard error */
  onError?: (error: unknown) => void;
}

export interface MailFront {
  /** What SES's client takes as its endpoint. */
  url: string;
  /** The page to read the mails on. */
  inboxUrl: string;
  /** Tells what is still to be told, writes the state and ends. */
  close(): Promise<void>;
}

/** SES takes 40 MB; base64 and JSON make it longer. */
const LIMIT = 60_000_000;
const PAGE = join(import.meta.dirname, 'page');
const FILES = ['index.html', 'inbox.css', 'inbox.js'];
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Starts the stand-in for SES v2: its API with its rules, the events AWS would emit, and an inbox to read in. */
export async function startMailFront(options: MailFrontOptions): Promise<MailFront> {
  const { host = '127.0.0.1', port, inboxPort, stateDir, endpoint, credentials = CREDENTIALS } = options;
  const onError = options.onError ?? ((error: unknown) => console.error('Mail front:', error));
  const now = async () => options.now();
  const listeners = new Listeners();
  const store = await MailStore.open(join(stateDir, 'mail-front.json'), () => listeners.tell({}));
  const inbox = await startInbox({ host, port: inboxPort });
  const rules = options.rules ?? createEventRules({ endpoint, region: REGION, credentials });
  const life = createMailLife(store, rules, onError);
  const faults = new Faults();
  const wait = (seconds: number) => sleep(seconds * 1000, undefined, { ref: false });
  const context = { now, store, inbox, life, faults, listeners, wait };

  const server = await listen({
    host,
    port,
    limitBytes: LIMIT,
    onError,
    async handle(call) {
      const isAnswered =
        (await answerSes(call, context)) ||
        (await answerFront(call, context)) ||
        (await answerFont(call)) ||
        (await answerPicture(call)) ||
        (await answerFile(call, PAGE, FILES)) ||
        (await answerFile(call, SHARED_PAGE, SHARED_FILES));
      if (!isAnswered) answerJson(call.response, 404, { message: 'Not found' });
    },
  }).catch(async (error: unknown) => {
    await inbox.close();
    throw error;
  });
  return {
    url: server.url,
    inboxUrl: `${server.url}/`,
    async close() {
      await server.close();
      await life.close();
      await inbox.close();
      await store.flush();
    },
  };
}
