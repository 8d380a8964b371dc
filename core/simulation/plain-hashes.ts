import { asCustomerId, asMessageId } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';

/**
 * Names for a simulation, where nothing has to be secret or short: an identity is its own address, a message's name its own id, and `sha256`
 * is no SHA-256 but a fast mix of 64 bits (16 hex). Who is held out, or falls into which branch of a split, is other than in production; how many is the same.
 */
export const plainHashes: Hashes = {
  sha256: (text) => hex(mix(text, 0x9e3779b9), mix(text, 0x85ebca6b)),
  mark: (text) => mix(text, 0x9e3779b9) % 10_000,
  messageId: asMessageId,
  address: asCustomerId,
};

/** FNV-1a with a murmur finish: 32 bits. */
function mix(text: string, seed: number): number {
  let hash = seed ^ text.length;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 16 hex digits at one stroke: pieces put together would have to be read through again. */
function hex(a: number, b: number): string {
  return String.fromCharCode(
    digit(a >>> 28),
    digit((a >>> 24) & 15),
    digit((a >>> 20) & 15),
    digit((a >>> 16) & 15),
    digit((a >>> 12) & 15),
    digit((a >>> 8) & 15),
    digit((a >>> 4) & 15),
    digit(a & 15),
    digit(b >>> 28),
    digit((b >>> 24) & 15),
    digit((b >>> 20) & 15),
    digit((b >>> 16) & 15),
    digit((b >>> 12) & 15),
    digit((b >>> 8) & 15),
    digit((b >>> 4) & 15),
    digit(b & 15),
  );
}

const digit = (value: number): number => (value < 10 ? 48 : 87) + value;
