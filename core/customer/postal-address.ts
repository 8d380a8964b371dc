import { fullName, isName } from './name.ts';
import type { CustomerState } from './state.ts';

/** Where the profile keeps an address as a whole: its lines were told together. */
export const ADDRESS = 'postalAddress';

export interface PostalAddress {
  name: string;
  postalCode: string;
  prefecture?: string;
  city?: string;
  address1: string;
  address2?: string;
}

/** Where a letter gets to them: a name, and lines that were told together and not overtaken by another postal code. Undefined: nowhere. */
export function postalAddressOf(state: Pick<CustomerState, 'profile'>): PostalAddress | undefined {
  const lines = linesOf(state);
  const name = fullName(state);
  if (!lines || lines.postalCode === undefined || lines.address1 === undefined || !isName(name)) return undefined;
  const newest = state.profile.postalCode?.value;
  if (newest !== undefined && newest !== lines.postalCode) return undefined;
  const { postalCode, address1, ...rest } = lines;
  return { name, postalCode, address1, ...rest };
}

type Lines = Partial<Omit<PostalAddress, 'name'>>;

/** The lines of an address that was told as a whole. */
export function linesOf({ profile }: Pick<CustomerState, 'profile'>): Lines | undefined {
  const told = profile[ADDRESS]?.value;
  if (typeof told !== 'object' || told === null) return undefined;
  const lines: Lines = {};
  for (const name of ['postalCode', 'prefecture', 'city', 'address1', 'address2'] as const) {
    const line: unknown = Reflect.get(told, name);
    if (typeof line === 'string') lines[name] = line;
  }
  return lines;
}
