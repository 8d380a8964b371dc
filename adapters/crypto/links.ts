import { createHmac, timingSafeEqual } from 'node:crypto';
import { asCustomerId, asMessageId, type CustomerId, type MessageId } from '#core/ids.ts';

/** The first key signs, all verify: rotate by putting a new one in front. */
export interface LinkKey {
  id: string;
  secret: string;
}

/** What an unsubscribe link says: the item of the address it was sent to, and by which message. */
export interface UnsubscribeLink {
  address: CustomerId;
  messageId: MessageId;
}

/** An unsubscribe link's token. It holds no personal data and never expires. */
export const signLink = (keys: LinkKey[], link: UnsubscribeLink): string =>
  sign(keys, `${link.address}.${link.messageId}`);

/** The link a token holds; undefined when it was not signed by one of the keys. */
export function readLink(keys: LinkKey[], token: string): UnsubscribeLink | undefined {
  const [address, messageId, ...more] = readSigned(keys, token)?.split('.') ?? [];
  if (!address || !messageId || more.length > 0) return undefined;
  return { address: asCustomerId(address), messageId: asMessageId(messageId) };
}

/** `base64url(text).key.mac`, 16 bytes of HMAC-SHA256: fits a URL. */
export function sign(keys: LinkKey[], text: string): string {
  const key = keys[0];
  if (key === undefined) throw new RangeError('there is no key to sign links with');
  const body = `${Buffer.from(text).toString('base64url')}.${key.id}`;
  return `${body}.${macOf(key, body).toString('base64url')}`;
}

/** The text that was signed; undefined when it was not signed by one of the keys. */
export function readSigned(keys: LinkKey[], token: string): string | undefined {
  if (token.length > 400) return undefined;
  const [text, id, mac] = token.split('.');
  const key = keys.find((one) => one.id === id);
  if (text === undefined || mac === undefined || key === undefined || token.split('.').length !== 3) return undefined;
  const given = Buffer.from(mac, 'base64url');
  const wanted = macOf(key, `${text}.${id}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  return Buffer.from(text, 'base64url').toString('utf8');
}

const macOf = (key: LinkKey, body: string): Buffer =>
  createHmac('sha256', key.secret).update(body).digest().subarray(0, 16);
