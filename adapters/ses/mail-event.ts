import * as z from 'zod/mini';
import type { MessageFacts, Reported } from '#core/event/event.ts';
import { isPlausible } from '#core/event/plausible.ts';
import { type CustomerId, type Instant, toInstant } from '#core/ids.ts';
import { isByMachine } from './machine.ts';
import { readTags } from './mail-tags.ts';

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
const touch = maybe(z.looseObject({ timestamp: told, userAgent: told, link: told }));

const DETAIL = z.object({
  eventType: z.string(),
  mail: z.object({
    timestamp: told,
    messageId: z.string(),
    tags: maybe(z.record(z.string(), z.unknown())),
  }),
  delivery: maybe(z.object({ timestamp: told })),
  bounce: maybe(z.object({ bounceType: told, timestamp: told })),
  complaint: maybe(z.object({ complaintFeedbackType: told, timestamp: told })),
  open: touch,
  click: touch,
});
type Detail = z.output<typeof DETAIL>;
const EVENT = z.object({ time: told, detail: DETAIL });

export type MailEventResult = { reported: Reported; to: CustomerId } | { ignored: string };

/**
 * What SES told the default event bus of one mail, for the mailbox its tags name. `Send` is a `message.sent` of source `ses`: it settles a
 * mail whose answer was lost. Never throws: what is not ours or not known comes back as a short code to count by.
 */
export function readMailEvent(event: unknown, receivedAt: Instant): MailEventResult {
  const read = z.safeParse(EVENT, event);
  if (!read.success) return { ignored: 'unreadable' };
  const { detail, time } = read.data;
  const tagged = readTags(detail.mail.tags);
  if (!tagged) return { ignored: 'not-ours' };
  const facts: MessageFacts = { ...tagged.facts, providerId: detail.mail.messageId };
  const told = tellOf(detail, facts);
  if (typeof told === 'string') return { ignored: told };
  const { type, at, more } = told;
  const data: MessageFacts = { ...facts, ...more };
  const claimedAt = type === 'message.sent' ? tagged.claimedAt : undefined;
  const occurredAt = claimedAt ?? timeOf([at, time, detail.mail.timestamp], receivedAt);
  // The sender's own message.sent has the same time and nonce: one of the two is a duplicate and costs no commit.
  const nonce = claimedAt ? facts.messageId : `${detail.mail.messageId}\n${detail.eventType}\n${data.link ?? ''}`;
  const to = data.address !== undefined && isOfAddress(type) ? data.address : tagged.customerId;
  return { reported: { type, occurredAt, source: 'ses', identities: {}, data, nonce }, to };
}

type Told = {
  type: `message.${'sent' | 'delivered' | 'opened' | 'clicked' | 'bounced' | 'complained' | 'failed'}`;
  at: string | undefined;
  more?: Partial<MessageFacts>;
};

const isOfAddress = (type: Told['type']): boolean => type === 'message.bounced' || type === 'message.complained';

function tellOf(detail: Detail, facts: MessageFacts): Told | string {
  const { mail, delivery, bounce, complaint, open, click } = detail;
  switch (detail.eventType) {
    case 'Send':
      return { type: 'message.sent', at: mail.timestamp };
    case 'Delivery':
      return { type: 'message.delivered', at: delivery?.timestamp };
    case 'Open':
      return {
        type: 'message.opened',
        at: open?.timestamp,
        more: { isMachine: isByMachine('open', open ?? {}, mail.timestamp) },
      };
    case 'Click': {
      const link = click?.link?.slice(0, 2000);
      const isMachine = isByMachine('click', click ?? {}, mail.timestamp);
      return {
        type: 'message.clicked',
        at: click?.timestamp,
        more: link === undefined ? { isMachine } : { isMachine, link },
      };
    }
    case 'Bounce': {
      const isPermanent = bounce?.bounceType === 'Permanent';
      const reason = isPermanent ? 'bounced' : 'undelivered';
      return facts.address === undefined
        ? 'bounce-without-address'
        : { type: 'message.bounced', at: bounce?.timestamp, more: { isPermanent, reason } };
    }
    case 'Complaint':
      if (complaint?.complaintFeedbackType === 'not-spam') return 'complaint-taken-back';
      return facts.address === undefined
        ? 'complaint-without-address'
        : { type: 'message.complained', at: complaint?.timestamp, more: { reason: 'complained' } };
    case 'Reject':
      return { type: 'message.failed', at: mail.timestamp, more: { reason: 'refused' } };
    case 'Rendering Failure':
      return { type: 'message.failed', at: mail.timestamp, more: { reason: 'render-failed' } };
    default:
      return /^[A-Za-z ]{1,30}$/.test(detail.eventType)
        ? detail.eventType.toLowerCase().replaceAll(' ', '-')
        : 'odd-type';
  }
}

/** The first time that can be read and be true; ours where none can (a stage whose clock was turned). */
function timeOf(written: (string | undefined)[], receivedAt: Instant): Instant {
  for (const text of written) {
    const at = text === undefined ? undefined : toInstant(text);
    if (at !== undefined && isPlausible(at, receivedAt)) return at;
  }
  return receivedAt;
}
