import type { CustomerId, MessageId } from '../ids.ts';

/** The only chance and the only names core has: pure functions of text. */
export interface Hashes {
  /** SHA-256 in lower-case hex. */
  sha256(text: string): string;
  /** 0-9999, spread evenly, the same for the same text. Absent: taken from `sha256`. */
  mark?(text: string): number;
  /** UUIDv5 (RFC 9562) in Enishi's own namespace. */
  messageId(name: string): MessageId;
  /** First 128 bits, base64url, of HMAC-SHA256(address key, identity). */
  address(identity: string): CustomerId;
}
