import { asCustomerId, asMessageId } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';

/**
 * Names for a simulation, where nothing has to be secret or short: an identity is its own address, a message's name its own id, and `sha256`
 * is no SHA-256 but a fast mix of 64 bits (16 hex). Who is held out, or falls into which branch of a split, is other than in production; how many is the same.
 */
export const plainHashes: Hashes = {
  sha256: (text) => hex(mix(text, 0x9e3779b9)) + hex(mix(text, 0x85ebca6b)),
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

const FOUR = Array.from({ length: 65_536 }, (_, i) => i.toString(16).padStart(4, '0'));
const hex = (number: number): string => `${FOUR[number >>> 16]}${FOUR[number & 0xffff]}`;
