import type { MessageFacts } from '#core/event/event.ts';
import { asCustomerId, asMessageId, type CustomerId, type Instant, instantOf } from '#core/ids.ts';
import type { MailToSend } from '#core/ports/outward.ts';

/** A tag's value takes letters, digits, - and _ only, and 256 of them. [SES API v2, MessageTag] */
const MOST = 256;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAILBOX = /^[A-Za-z0-9_-]{22}$/;
/** What a mail is of, in the shop's own names, which may be Japanese. */
const NAMES = ['scenario', 'step', 'template', 'variant'] as const;

/** What a mail carries so that all SES tells of it later can be booked without looking anything up. No name of a person, no address. */
export function tagsOf(mail: MailToSend): { Name: string; Value: string }[] {
  const told: Record<string, string> = {
    messageId: mail.messageId,
    customerId: mail.customerId,
    address: mail.address,
    at: String(Date.parse(mail.at)),
    ...(mail.about && aboutTags(mail.about)),
    ...(mail.with === undefined ? {} : { with: mail.with.join('_') }),
  };
  return Object.entries(told).flatMap(([Name, Value]) => (Value.length <= MOST ? [{ Name, Value }] : []));
}

const aboutTags = (about: NonNullable<MailToSend['about']>): Record<string, string> => ({
  ...(about.kind === undefined ? {} : { kind: about.kind }),
  ...Object.fromEntries(
    NAMES.flatMap((name) => {
      const text = about[name];
      return text === undefined ? [] : [[name, Buffer.from(text).toString('base64url')]];
    }),
  ),
});

/** What came back. */
export interface Tagged {
  customerId: CustomerId;
  /** When the attempt was claimed that sent the mail. */
  claimedAt?: Instant;
  facts: MessageFacts;
}

/** The tags as SES tells them, a list for each name. Undefined when the mail is none of ours. */
export function readTags(tags: Readonly<Record<string, unknown>> | undefined): Tagged | undefined {
  const told = (name: string): string | undefined => {
    const list = tags?.[name];
    return Array.isArray(list) && typeof list[0] === 'string' ? list[0] : undefined;
  };
  const [messageId, customerId, address] = ['messageId', 'customerId', 'address'].map(told);
  if (messageId === undefined || !UUID.test(messageId)) return undefined;
  if (customerId === undefined || !MAILBOX.test(customerId)) return undefined;
  const facts: MessageFacts = { messageId: asMessageId(messageId), channel: 'email' };
  for (const name of NAMES) {
    const text = Buffer.from(told(name) ?? '', 'base64url').toString('utf8');
    if (text !== '') facts[name] = text;
  }
  const kind = told('kind');
  if (kind === 'service' || kind === 'marketing') facts.kind = kind;
  if (address !== undefined && MAILBOX.test(address)) facts.address = asCustomerId(address);
  const carried = (told('with') ?? '').split('_').filter((id) => UUID.test(id));
  if (carried.length > 0) facts.with = carried.map(asMessageId);
  const at = told('at');
  const claimed = at !== undefined && /^\d{12,14}$/.test(at) ? { claimedAt: instantOf(Number(at)) } : {};
  return { customerId: asCustomerId(customerId), ...claimed, facts };
}
