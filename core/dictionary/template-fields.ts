import { CUSTOMER, type Fields, under } from './vocabulary.ts';

/** What of a customer the senders give to a template (message/variables.ts). */
export const TEMPLATE_CUSTOMER: Fields = new Map(
  [...CUSTOMER].filter(
    ([path]) =>
      !/^(segments|tags|consents|reachable|line|hasOpenCase|firstDeliveredAt|nextOrderExpectedAt|source|device|bestHour)(\.|$)/.test(
        path,
      ),
  ),
);

/** Nobody gets a letter without these. */
export const LETTER_CUSTOMER: Fields = new Map([
  ...TEMPLATE_CUSTOMER,
  ...under('', { name: 'text', postalCode: 'text', address1: 'text' }),
]);

/** `shop.…`: from settings.json. */
export const SHOP: Fields = new Map(
  under('', {
    name: 'text',
    currency: 'text',
    timeZone: 'text',
    'sender.legalName': 'text',
    'sender.postalAddress': 'text',
    'sender.contact': 'text',
    'sender.optOutAddress': 'text',
    'sender.from': 'text',
    'sender.replyTo': 'text?',
  }),
);

/** `links.…`: made for each message. */
export const LINKS: Fields = new Map(under('', { unsubscribe: 'text' }));

/** `coupon.…`: the code that the coupon step before the send got. */
export const COUPON: Fields = new Map(under('', { code: 'text', pool: 'text', validUntil: 'time?' }));

/** Of one of `recommended[]`: what the catalogue tells of an item that can be bought now. */
export const RECOMMENDED: Fields = new Map(
  under('', {
    id: 'text',
    variantId: 'text',
    name: 'text',
    category: 'text?',
    price: 'number',
    currency: 'text',
    imageUrl: 'text?',
    url: 'text?',
    size: 'number',
  }),
);
