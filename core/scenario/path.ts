/** A path as its names, and as `head.rest`. */
export interface PathParts {
  names: readonly string[];
  head: string;
  rest: string;
}

/** `customer.orders.total` taken apart; the few that stand in files only once. A plain name has no head. */
export function partsOf(path: string): PathParts {
  const known = apart.get(path);
  if (known) return known;
  const dot = path.indexOf('.');
  const parts = { names: path.split('.'), head: dot < 0 ? '' : path.slice(0, dot), rest: path.slice(dot + 1) };
  if (apart.size < 5000) apart.set(path, parts);
  return parts;
}
const apart = new Map<string, PathParts>();
