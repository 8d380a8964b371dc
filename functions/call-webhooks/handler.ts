// Woken by: the queue of calls to the shop's systems.
// Promises: a call that is still waited for is made with one idempotency key until it is answered; the answer is told in the mailbox.
// On failure: it is tried again within the seconds and minutes that the scenario waits; then the scenario goes the way of no answer.
import type { CustomerState, Enrolment } from '#core/customer/state.ts';
import { isOnlyRehearsed } from '#core/customer/work.ts';
import type { CallAnswer, CrmEvent } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import { type Instant, plus } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Customers } from '#core/ports/customers.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { CallJob, Post, Posted, Webhooks } from '#core/ports/outside.ts';
import type { ProgrammeStore, Sends } from '#core/ports/outward.ts';
import { callBody } from '#core/scenario/call-body.ts';
import { MINUTE } from '#core/time/duration.ts';
import { log } from '#functions/_shared/log.ts';
import { answerObject, callJobIn } from '#functions/_shared/outside-jobs.ts';
import { ownerOf } from '#functions/_shared/owner.ts';
import type { QueueMessage } from '#functions/_shared/queue.ts';

export interface CallWebhooksPorts {
  customers: Pick<Customers, 'load'>;
  mailbox: Pick<Mailbox, 'put'>;
  sends: Pick<Sends, 'claim'>;
  programmes: Pick<ProgrammeStore, 'load'>;
  /** The text of the secret `webhook-NAME` of this stage. */
  secret: (name: string) => Promise<string>;
  webhooks: Webhooks;
  clock: Clock;
  hashes: Pick<Hashes, 'sha256' | 'messageId'>;
  pause: (milliseconds: number) => Promise<unknown>;
}

/** Pauses between the tries of one turn; when all are used up the queue's own pause follows. */
const PAUSES = [1000, 2000, 4000, 8000];
/** What a system may be told again: it is busy, restarts, or did not hear. */
const TRY_AGAIN = new Set([408, 425, 429]);
/** Characters of an answer that are kept. */
const LONGEST_ANSWER = 10_000;

export function createHandler(ports: CallWebhooksPorts): (messages: QueueMessage[]) => Promise<string[]> {
  return async (messages) => {
    const results = await Promise.all(
      messages.map(async (message) => {
        const job = callJobIn(message.body);
        if (!job) {
          log.error('call-job-unreadable', undefined, { messageId: message.id });
          return message.id;
        }
        try {
          return (await call(ports, job, message.id)) === 'again' ? message.id : undefined;
        } catch (error) {
          log.error('call-trouble', error, { webhook: job.webhook });
          return message.id;
        }
      }),
    );
    return results.filter((id) => id !== undefined);
  };
}

async function call(ports: CallWebhooksPorts, job: CallJob, attempt: string): Promise<'done' | 'again'> {
  const now = await ports.clock.now();
  if (job.until <= now) return 'done';
  const state = await ownerOf(ports.customers, job.customerId);
  const enrolment = state?.enrolments[job.enrolment];
  // Who left meanwhile, or was answered, is waiting no more.
  if (!state || !enrolment || enrolment.endedAt || !enrolment.isAwaiting || enrolment.until !== job.until)
    return 'done';
  const id = ports.hashes.messageId(`call#${job.enrolment}#${job.step}`);
  // By the message's own id: handed out again it goes on, while a second message about the same call ends here.
  const claim = await ports.sends.claim({
    messageId: id,
    attemptId: attempt,
    at: now,
    leaseUntil: plus(job.until, MINUTE),
  });
  if (claim.result !== 'claimed') return 'done';
  const answer = await ask(ports, state, enrolment, job, id, now);
  if (answer === undefined) return 'again';
  await tell(ports, state, job, answer);
  return 'done';
}

/** Undefined: nobody answered yet. */
async function ask(
  ports: CallWebhooksPorts,
  state: CustomerState,
  enrolment: Enrolment,
  job: CallJob,
  id: string,
  at: Instant,
): Promise<CallAnswer | undefined> {
  const { step, webhook } = job;
  const programme = await ports.programmes.load(at);
  const target = programme.manifest.settings.webhooks?.[webhook];
  if (!target) return { webhook, isOk: false, reason: 'unknown-webhook' };
  const isRehearsal = isOnlyRehearsed({ programme }, enrolment.scenario, enrolment);
  const body = JSON.stringify(callBody(state, enrolment, { id, webhook, step, at, isRehearsal }));
  const post: Post = { url: target.url, secret: await ports.secret(target.secretName), id, body, at };
  for (const pause of [...PAUSES, undefined]) {
    const answer = answerIn(webhook, await ports.webhooks.post({ ...post, at: await ports.clock.now() }));
    if (answer) return answer;
    if (pause === undefined) break;
    await ports.pause(pause);
    if (job.until <= (await ports.clock.now())) break;
  }
  log.warn('call-unanswered', { webhook });
  return undefined;
}

/** What a POST came to; undefined when it is worth another try. */
function answerIn(webhook: string, posted: Posted): CallAnswer | undefined {
  if (posted.kind === 'trouble') return undefined;
  if (posted.kind === 'forbidden') {
    log.error('call-forbidden', undefined, { webhook });
    return { webhook, isOk: false, reason: 'not-allowed' };
  }
  const { status } = posted;
  if (status >= 500 || TRY_AGAIN.has(status)) return undefined;
  const told = answerObject(posted.text, LONGEST_ANSWER);
  const answer = told === undefined ? {} : { answer: told };
  if (status >= 200 && status < 300) return { webhook, isOk: told?.isOk !== false, status, ...answer };
  log.warn('call-refused', { webhook, status });
  return { webhook, isOk: false, status, reason: status < 400 ? 'redirected' : 'refused', ...answer };
}

async function tell(ports: CallWebhooksPorts, state: CustomerState, job: CallJob, answer: CallAnswer): Promise<void> {
  const now = await ports.clock.now();
  const { enrolment, step, hops } = job;
  await ports.mailbox.put({
    type: 'call.answered',
    customerId: state.customerId,
    eventId: eventIdOf(ports.hashes, 'call.answered', now, `${enrolment}#${step}`),
    occurredAt: now,
    receivedAt: now,
    source: 'enishi',
    identities: {},
    hops: hops + 1,
    data: { ...answer, enrolment, step },
  } satisfies CrmEvent);
}
