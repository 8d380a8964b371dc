import { createHash, createHmac } from 'node:crypto';
import { asCustomerId, asMessageId } from '#core/ids.ts';
import type { Hashes } from '#core/ports/hashes.ts';

/** The hashes as production makes them, with a key of the tests. */
export const testHashes: Hashes = {
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  messageId: (name) => {
    const hex = createHash('sha1').update(`enishi:${name}`).digest('hex');
    return asMessageId(
      `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
    );
  },
  address: (identity) =>
    asCustomerId(createHmac('sha256', 'test').update(identity).digest().subarray(0, 16).toString('base64url')),
};
