import type { CustomerState } from './state.ts';

/** A letter greets with a name, not with whatever somebody typed at the till: no address, no link, nothing endless. */
export function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= 40 &&
    !/:\/\/|www\.|@|[a-z0-9]\.[a-z]{2,}\/|\.(com|net|org|jp|io|ru|cn|xyz|top|info|me|co|ly|cc|tk|biz|app|dev|shop|store|site|online|link|click|club)\b/i.test(
      value,
    )
  );
}

/** The whole name as it is known: as one, else its parts. */
export function fullName({ profile }: Pick<CustomerState, 'profile'>): string | undefined {
  const { name, familyName, givenName } = profile;
  if (typeof name?.value === 'string' && name.value !== '') return name.value;
  return [familyName?.value, givenName?.value].filter(Boolean).join(' ') || undefined;
}
