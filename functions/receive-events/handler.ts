// Woken by POST /v1/events: one event of a shop's own server, or up to 100.
// Promises a result for each: accepted (in a mailbox, or safely on its way there), duplicate, or refused by field and rule. One put an event, no read.
// On failure of the mailbox the events go to the intake queue and the answer is the same; only if the queue fails too the caller must come again (5xx).

import type { CrmEvent } from '#core/event/event.ts';
import { receiptOf } from '#core/event/receipt.ts';
import type { FieldError } from '#core/event/rule.ts';
import { readWire } from '#core/event/wire.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { HttpAnswer, HttpRequest } from '#functions/_shared/http.ts';
import { type IntakePorts, parseJson, type Taken, takeIn } from '#functions/_shared/intake.ts';
import { log } from '#functions/_shared/log.ts';
import { requireServerKey } from '#functions/_shared/server-key.ts';

/** What the edge takes; over it is 413. */
export const MOST_BYTES = 1_000_000;
const PATIENCE_MILLISECONDS = 8000;

export interface Ports extends IntakePorts {
  clock: Pick<Clock, 'now'>;
  hashes: () => Promise<Hashes>;
  /** Keys a shop's server may show; several, so that one can be changed without a gap. */
  serverKeys: () => Promise<readonly string[]>;
}

type Result =
  | { index: number; status: 'accepted' | 'duplicate'; eventId: string }
  | { index: number; status: 'refused'; errors: FieldError[] };

/** Answers one request. Errors: CrmErrors, for the edge to put in a status. */
export const createHandler =
  (ports: Ports) =>
  (request: HttpRequest): Promise<HttpAnswer> =>
    receive(request, ports);

async function receive(request: HttpRequest, ports: Ports): Promise<HttpAnswer> {
  const [hashes, keys, now] = await Promise.all([ports.hashes(), ports.serverKeys(), ports.clock.now()]);
  requireServerKey(request, keys, hashes);
  const results: Result[] = [];
  const events: { index: number; event: CrmEvent }[] = [];
  for (const [index, read] of readWire(parseJson(request.rawBody), now).entries()) {
    if ('errors' in read) results[index] = { index, status: 'refused', errors: read.errors };
    else events.push({ index, event: receiptOf(read.reported, now, hashes) });
  }
  const taken = await takeIn(
    events.map(({ event }) => event),
    ports,
    PATIENCE_MILLISECONDS,
  );
  for (const [place, { index, event }] of events.entries()) {
    results[index] = { index, status: taken[place] === 'duplicate' ? 'duplicate' : 'accepted', eventId: event.eventId };
  }
  count(taken, results.length);
  return answerOf(results);
}

/** 202 as soon as one event was taken; 400 when none was. */
function answerOf(results: Result[]): HttpAnswer {
  if (results.some(({ status }) => status !== 'refused')) return { status: 202, body: { results } };
  const message = results.length === 1 ? 'the event was refused' : 'every event was refused';
  const details = { errors: results.flatMap((result) => ('errors' in result ? result.errors : [])).slice(0, 20) };
  return { status: 400, body: { error: { code: 'bad-input', message, details }, results } };
}

function count(taken: Taken[], told: number): void {
  const of = (what: Taken) => taken.filter((one) => one === what).length;
  log.info('events-received', {
    accepted: of('new'),
    duplicate: of('duplicate'),
    queued: of('queued'),
    refused: told - taken.length,
  });
}
