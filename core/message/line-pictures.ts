/**
 * What a LINE message sees of a template's values. LINE shows pictures over https alone and refuses the whole message for any other, so that
 * such a picture is none here: the message goes without it.
 */
export function forLine<T>(values: T): T {
  if (Array.isArray(values)) return values.map(forLine) as T;
  if (typeof values !== 'object' || values === null) return values;
  const seen = Object.entries(values).filter(([name, value]) => name !== 'imageUrl' || isShown(value));
  return Object.fromEntries(seen.map(([name, value]) => [name, forLine(value)])) as T;
}

const isShown = (url: unknown): boolean => typeof url === 'string' && /^https:\/\//i.test(url);
