import { describe, expect, test } from '@jest/globals';
import {
  identitiesOf,
  isDeliverable,
  isLineUserId,
  kindOf,
  normaliseEmail,
  normaliseId,
  normalisePhone,
  normaliseShop,
  normaliseToken,
  rankOf,
  strongestOf,
} from '#core/event/identity.ts';

describe('an e-mail address', () => {
  test.each([
    ['  Hanako@Example.COM ', 'hanako@example.com'],
    ['ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'hanako@example.com'],
    ['　hanako@example.com　', 'hanako@example.com'],
    ['hanako\u200B@example.com', 'hanako@example.com'],
    ['hana..ko.@docomo.ne.jp', 'hana..ko.@docomo.ne.jp'],
    ['花子@example.jp', '花子@example.jp'],
  ])('%s is %s in its one form', (written, one) => {
    expect(normaliseEmail(written)).toBe(one);
  });

  test.each([
    '',
    'hanako',
    'a@b',
    'a b@example.com',
    'a@b@example.com',
    '@example.com',
    'a@example.',
    `${'a'.repeat(65)}@example.com`,
  ])('%j is none', (written) => {
    expect(normaliseEmail(written)).toBeUndefined();
  });

  test('is known as undeliverable when a mail server may not take it, and still names its owner', () => {
    for (const old of [
      'hana..ko@docomo.ne.jp',
      'hanako.@ezweb.ne.jp',
      '.hanako@docomo.ne.jp',
      '花子@example.jp',
      'a@exa_mple.jp',
    ]) {
      expect(normaliseEmail(old)).toBe(old);
      expect(isDeliverable(old)).toBe(false);
    }
    for (const good of ['hanako@example.com', "o'neil+shop@mail.example.co.jp", 'a.b-c_d@xn--eckwd4c7c.jp']) {
      expect(isDeliverable(good)).toBe(true);
    }
  });
});

test.each([
  ['090-1234-5678', '+819012345678'],
  ['０９０（１２３４）５６７８', '+819012345678'],
  ['9012345678', '+819012345678'],
  ['+81 (0)90-1234-5678', '+819012345678'],
  ['81 90 1234 5678', '+819012345678'],
  ['0081-90-1234-5678', '+819012345678'],
  ['03ー1234ー5678', '+81312345678'],
  ['+1 202 555 0101', '+12025550101'],
])('the phone number %s is %s in its one form', (written, one) => {
  expect(normalisePhone(written)).toBe(one);
});

test('too few or too many digits are no phone number', () => {
  for (const written of ['', 'none', '123', '+1234567890123456']) expect(normalisePhone(written)).toBeUndefined();
});

test('ids are taken in one form, tokens as they are written', () => {
  expect(normaliseId(' Ｍ－００１ ')).toBe('M-001');
  expect(normaliseId('')).toBeUndefined();
  expect(normaliseId('a\u0000b')).toBeUndefined();
  expect(normaliseId('あ'.repeat(201))).toBeUndefined();
  expect(normaliseToken('Z2NwLXVz')).toBe('Z2NwLXVz');
  expect(normaliseToken('a b')).toBeUndefined();
  expect(normaliseShop('Tea.MyShopify.com')).toBe('tea.myshopify.com');
  expect(normaliseShop('tea:shop')).toBeUndefined();
  expect(isLineUserId('U4af4980629aaaaaaaaaaaaaaaaaaaaaa')).toBe(true);
  expect(isLineUserId('C4af4980629aaaaaaaaaaaaaaaaaaaaaa')).toBe(false);
});

describe('the identities of an event', () => {
  const everything = {
    shop: 'tea',
    identities: {
      visitorId: 'v1',
      cartToken: 'c1',
      orderId: 'o1',
      phone: '+819012345678',
      lineUserId: 'U1',
      email: 'hanako@example.com',
      memberId: 'm1',
    },
  };

  test('stand strongest first, and the phone number is none of them', () => {
    expect(identitiesOf(everything)).toEqual([
      'member:tea:m1',
      'email:hanako@example.com',
      'line:U1',
      'order:tea:o1',
      'cart:tea:c1',
      'visitor:v1',
    ]);
    expect(strongestOf(everything)).toBe('member:tea:m1');
    const ranks = identitiesOf(everything).map(rankOf);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(new Set(ranks).size).toBe(6);
  });

  test("leave out what is a shop's own when no shop is named", () => {
    expect(identitiesOf({ identities: everything.identities })).toEqual([
      'email:hanako@example.com',
      'line:U1',
      'visitor:v1',
    ]);
    expect(strongestOf({ identities: { phone: '+819012345678' } })).toBeUndefined();
  });

  test('tell their kind, whatever the id holds', () => {
    expect(kindOf('member:tea:order:7')).toBe('member');
    expect(kindOf('email:a@example.com')).toBe('email');
    expect(kindOf('constructor:x')).toBe('visitor');
    expect(kindOf('')).toBe('visitor');
  });
});
