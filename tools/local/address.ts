import { createHmac } from 'node:crypto';
import { asCustomerId, type CustomerId } from '#core/ids.ts';
import { readAddressKey } from './secrets.ts';
import type { Stage } from './stage.ts';

/** Makes customers' ids as the stage's functions do. */
export async function addresserOf(stage: Stage): Promise<(identity: string) => CustomerId> {
  const key = await readAddressKey(stage);
  return (identity) =>
    asCustomerId(createHmac('sha256', key).update(identity).digest().subarray(0, 16).toString('base64url'));
}
