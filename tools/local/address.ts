import { createHashes } from '#adapters/crypto/hashes.ts';
import type { CustomerId } from '#core/ids.ts';
import { readAddressKey } from './secrets.ts';
import type { Stage } from './stage.ts';

/** Makes customers' ids as the stage's functions do. */
export async function addresserOf(stage: Stage): Promise<(identity: string) => CustomerId> {
  return createHashes(await readAddressKey(stage)).address;
}
