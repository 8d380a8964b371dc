import { createHash, createHmac } from 'node:crypto';
import { asCustomerId, asMessageId } from '#core/ids.ts';
import type { Hashes } from '#core/ports/hashes.ts';

/** Enishi's own namespace for UUIDv5. Never to be changed: every message's id hangs on it. */
const NAMESPACE = Buffer.from('6f1b0e5c52d94a0b9c3ee5a1c07d4e21', 'hex');

/** For who needs no address key. */
export const messageId: Hashes['messageId'] = (name) => asMessageId(uuidOf(name));
export const sha256: Hashes['sha256'] = (text) => createHash('sha256').update(text).digest('hex');

/** Hashes by Node's own crypto. The address key must not be empty. */
export function createHashes(addressKey: string): Hashes {
  if (addressKey === '') throw new RangeError('the address key is empty');
  return {
    sha256,
    messageId,
    address: (identity) =>
      asCustomerId(createHmac('sha256', addressKey).update(identity).digest().subarray(0, 16).toString('base64url')),
  };
}

/** RFC 9562, 5.5. */
function uuidOf(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
