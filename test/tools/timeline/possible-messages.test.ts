import { expect, test } from '@jest/globals';
import { createHashes } from '#adapters/crypto/hashes.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { asInstant } from '#core/ids.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import { possibleMessages } from '#tools/timeline/possible-messages.ts';

const hashes = createHashes('any key');
const zone = [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }];
const scenario = {
  id: 'after-purchase',
  steps: [
    { id: 'thanks', send: { template: 'a' } },
    { wait: '1d' },
    { if: {}, then: [{ send: { template: 'b' } }], else: [] },
  ],
} as unknown as Scenario;

test('a message of which SES told the id alone is found again by the order and the steps it can have come from', () => {
  const order = { type: 'order.changed', shop: 'a.myshopify.com', data: { order: { id: '7' } } } as unknown as CrmEvent;
  const found = possibleMessages([scenario], [order], hashes, zone);
  expect(found.size).toBe(2);
  expect(found.get(hashes.messageId('after-purchase#order:a.myshopify.com:7#thanks'))).toEqual({
    scenario: 'after-purchase',
    step: 'thanks',
    enrolment: 'after-purchase#order:a.myshopify.com:7',
  });
  expect(found.get(hashes.messageId('after-purchase#order:a.myshopify.com:7#steps/2/then/0'))?.step).toBe(
    'steps/2/then/0',
  );
});

test('a message for a cart is named by the cart and the local day it was left on', () => {
  const cart = {
    type: 'checkout.started',
    shop: 'a.myshopify.com',
    occurredAt: asInstant('2026-11-23T16:00:00.000Z'),
    data: { cart: { token: 't' } },
  } as unknown as CrmEvent;
  const found = possibleMessages([scenario], [cart], hashes, zone);
  expect(found.get(hashes.messageId('after-purchase#cart:a.myshopify.com:t:2026-11-24#thanks'))?.step).toBe('thanks');
});
