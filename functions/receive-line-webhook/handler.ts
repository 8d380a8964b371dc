// Woken by POST /v1/line: what LINE's users did, signed over the raw bytes with the channel secret.
// Promises 200 within LINE's 2 s, and each event that tells something of a person once in their mailbox, redeliveries included; the others are counted.
// On failure of the mailbox the events go to the intake queue and the answer is 200; only if the queue fails too LINE must come again (5xx).

import { isSignedByLine, readLine } from '#adapters/line/webhook.ts';
import { CrmError } from '#core/error.ts';
import { receiptOf } from '#core/event/receipt.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { HttpAnswer, HttpRequest } from '#functions/_shared/http.ts';
import { type IntakePorts, parseJson, takeIn } from '#functions/_shared/intake.ts';
import { log } from '#functions/_shared/log.ts';

/** What the edge takes; over it is 413. */
export const MOST_BYTES = 1_000_000;
/** LINE waits 2 s in all. */
const PATIENCE_MILLISECONDS = 1000;

export interface Ports extends IntakePorts {
  clock: Pick<Clock, 'now'>;
  hashes: () => Promise<Hashes>;
  channelSecret: () => Promise<string>;
}

/** Answers one request. Errors: CrmErrors, for the edge to put in a status. */
export const createHandler =
  (ports: Ports) =>
  (request: HttpRequest): Promise<HttpAnswer> =>
    receive(request, ports);

async function receive(request: HttpRequest, ports: Ports): Promise<HttpAnswer> {
  const [hashes, secret, now] = await Promise.all([ports.hashes(), ports.channelSecret(), ports.clock.now()]);
  if (!isSignedByLine(request.rawBody, request.headers['x-line-signature'], secret)) {
    throw new CrmError('unauthorised', 'the body must be signed with the channel secret');
  }
  const { reported, ignored } = readLine(parseJson(request.rawBody), now);
  const events = reported.map((event) => receiptOf(event, now, hashes));
  const taken = await takeIn(events, ports, PATIENCE_MILLISECONDS);
  log.info('line-received', {
    new: taken.filter((one) => one === 'new').length,
    duplicate: taken.filter((one) => one === 'duplicate').length,
    queued: taken.filter((one) => one === 'queued').length,
    ignored: ignored.join(','),
  });
  return { status: 200, body: {} };
}
