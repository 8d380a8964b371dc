import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { CrmError } from '#core/error.ts';
import type { Reported } from '#core/event/event.ts';
import { isLineUserId } from '#core/event/identity.ts';
import { isPlausible } from '#core/event/plausible.ts';
import { type Instant, instantOf } from '#core/ids.ts';
import { readPostback } from './postback.ts';

/** Whether LINE signed these bytes: base64 of HMAC-SHA256 with the channel secret. */
export function isSignedByLine(raw: Uint8Array, signature: string | undefined, channelSecret: string): boolean {
  if (channelSecret === '') return false;
  const given = Buffer.from(signature ?? '', 'base64');
  const right = createHmac('sha256', channelSecret).update(raw).digest();
  return given.length === right.length && timingSafeEqual(given, right);
}

/** A field that may be absent or of another kind than expected: then it was not told. */
const maybe = <T extends z.ZodMiniType>(shape: T) =>
  z.pipe(
    z.optional(z.unknown()),
    z.transform((value): z.output<T> | undefined => {
      const read = z.safeParse(shape, value);
      return read.success ? read.data : undefined;
    }),
  );
const told = maybe(z.string());

const CALLBACK = z.object({ events: z.array(z.unknown()) });
const EVENT = z.object({
  type: z.string(),
  mode: told,
  timestamp: z.number(),
  source: maybe(z.object({ type: told, userId: told })),
  webhookEventId: told,
  follow: maybe(z.object({ isUnblocked: maybe(z.boolean()) })),
  message: maybe(z.object({ type: told, text: told })),
  postback: maybe(z.object({ data: told, params: maybe(z.record(z.string(), z.string())) })),
});
type LineEvent = z.output<typeof EVENT>;

/**
 * The events of one call, and for each that is none for us why, as a short code to count by. New types and fields of LINE's are tolerated.
 * Errors: bad-input when the body has no list of events.
 */
export function readLine(body: unknown, receivedAt: Instant): { reported: Reported[]; ignored: string[] } {
  const callback = z.safeParse(CALLBACK, body);
  if (!callback.success) {
    throw new CrmError('bad-input', 'events is required', { details: { field: 'events', rule: 'is required' } });
  }
  const reported: Reported[] = [];
  const ignored: string[] = [];
  for (const one of callback.data.events) {
    const event = z.safeParse(EVENT, one);
    const read = event.success ? readOne(event.data, receivedAt) : 'unreadable';
    if (typeof read === 'string') ignored.push(read);
    else reported.push(read);
  }
  return { reported, ignored };
}

/**
 * While a module channel has the chat (`standby`) the words and buttons are meant for it, and we may not answer; that somebody followed or blocked
 * is true all the same.
 */
function readOne(event: LineEvent, receivedAt: Instant): Reported | string {
  const userId = event.source?.userId;
  if (event.source?.type !== 'user' || userId === undefined) return `${typeToCount(event.type)}-without-a-user`;
  if (!isLineUserId(userId)) return 'odd-user-id';
  const base = {
    occurredAt: timeOf(event.timestamp, receivedAt),
    source: 'line',
    identities: { lineUserId: userId },
    nonce: event.webhookEventId ?? JSON.stringify(event),
  };
  switch (event.type) {
    case 'follow': {
      const { isUnblocked } = event.follow ?? {};
      return { ...base, type: 'line.followed', data: isUnblocked === undefined ? {} : { isUnblocked } };
    }
    case 'unfollow':
      return { ...base, type: 'line.unfollowed', data: {} };
    case 'message': {
      if (event.mode === 'standby') return 'message-on-standby';
      const { type: kind = 'unknown', text } = event.message ?? {};
      return {
        ...base,
        type: 'line.messaged',
        data: text === undefined ? { kind } : { kind, text: text.slice(0, 5000) },
      };
    }
    case 'postback':
      if (event.mode === 'standby') return 'postback-on-standby';
      return { ...base, type: 'line.postback', data: readPostback(event.postback?.data ?? '', event.postback?.params) };
    default:
      return typeToCount(event.type);
  }
}

/** When it happened by LINE's clock; ours where LINE's is out of reach (a stage whose clock was turned). */
function timeOf(timestamp: number, receivedAt: Instant): Instant {
  if (!Number.isFinite(timestamp) || Math.abs(timestamp) > 8e15) return receivedAt;
  const at = instantOf(timestamp);
  return isPlausible(at, receivedAt) ? at : receivedAt;
}

/** A type of LINE's as it may stand in a log. */
const typeToCount = (type: string): string => (/^[A-Za-z0-9]{1,30}$/.test(type) ? type : 'odd-type');
