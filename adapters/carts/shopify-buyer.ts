import { normaliseEmail, normaliseToken } from '#core/event/identity.ts';
import { cut, idOf, known } from './shopify-json.ts';

interface Named {
  first_name?: string | undefined;
  last_name?: string | undefined;
}

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** A person's names: 山田 花子 family name first, Hanako Yamada given name first. */
export function nameOf(who: Named | undefined): { name?: string; familyName?: string; givenName?: string } {
  const family = cut(who?.last_name, 200);
  const given = cut(who?.first_name, 200);
  const parts = CJK.test(`${family ?? ''}${given ?? ''}`) ? [family, given] : [given, family];
  return known({ name: cut(parts.filter(Boolean).join(' '), 500), familyName: family, givenName: given });
}

interface Address {
  address1?: string | undefined;
  address2?: string | undefined;
  city?: string | undefined;
  province?: string | undefined;
  zip?: string | undefined;
}

/** Where somebody lives, line by line. */
export const placeOf = (where: Address | undefined) =>
  known({
    prefecture: cut(where?.province, 100),
    postalCode: cut(where?.zip?.normalize('NFKC'), 20),
    city: cut(where?.city, 100),
    address1: cut(where?.address1, 200),
    address2: cut(where?.address2, 200),
  });

/**
 * The one token of a cart: `cart_token`, or the checkout's where there was no cart ("buy it now"). Since 2024 carts may bring a secret
 * behind `?key=` that orders do not: it is cut off.
 */
export function cartTokenOf(...tokens: (string | undefined)[]): string | undefined {
  for (const written of tokens) {
    const token = normaliseToken(written?.split('?')[0] ?? '');
    if (token !== undefined) return token;
  }
  return undefined;
}

/** The first of several fields that holds an e-mail address, in its one form. */
export function firstEmail(...fields: (string | undefined)[]): string | undefined {
  for (const field of fields) {
    const email = field === undefined ? undefined : normaliseEmail(field);
    if (email !== undefined) return email;
  }
  return undefined;
}

interface Numbered {
  id?: string | undefined;
  admin_graphql_api_id?: string | undefined;
}

/** The shop's id of a buyer (guests have one too); absent at the till, where nobody gave a name. */
export const memberIdOf = (buyer: Numbered | undefined): string | undefined =>
  buyer?.id === undefined && buyer?.admin_graphql_api_id === undefined ? undefined : idOf(buyer, 'Customer');
