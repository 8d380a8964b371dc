import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Instant, millisOf } from '#core/ids.ts';
import { DAY } from '#core/time/duration.ts';

/** `expiresAt`, DynamoDB's time to live, so many days after an instant: whole seconds since 1970, rounded up. */
export const expiryAfter = (at: Instant, days: number): AttributeValue.NMember => ({
  N: String(Math.ceil((millisOf(at) + days * DAY) / 1000)),
});
