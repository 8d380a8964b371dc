/** Items that belong together (one customer's, one order's, one visit's), each with its weight in the group. */
export interface Group {
  items: number[];
  weights: number[];
}

/** Which items stand in which groups with what weight, readable from both sides. */
export interface Incidence {
  groups: readonly Group[];
  /** By item: the groups it stands in, and its weight there. */
  of: { groups: number[]; weights: number[] }[];
  /** By item: the sum of its squared weights. */
  squares: Float64Array;
}

export function incidenceOf(itemCount: number, groups: readonly Group[]): Incidence {
  const of: Incidence['of'] = Array.from({ length: itemCount }, () => ({ groups: [], weights: [] }));
  const squares = new Float64Array(itemCount);
  groups.forEach(({ items, weights }, group) => {
    items.forEach((item, place) => {
      const weight = weights[place]!;
      of[item]!.groups.push(group);
      of[item]!.weights.push(weight);
      squares[item]! += weight * weight;
    });
  });
  return { groups, of, squares };
}

/**
 * How often each other item stands with this one: `Σ over groups g of w(g, item) * w(g, other)`, written into `row` (which must be zero);
 * gives the items that were touched. One row at a time, as in Linden et al., so that no table of all pairs is ever held.
 */
export function coOccurrences(incidence: Incidence, item: number, row: Float64Array): number[] {
  const touched: number[] = [];
  const { groups, weights } = incidence.of[item]!;
  for (let at = 0; at < groups.length; at++) {
    const group = incidence.groups[groups[at]!]!;
    const weight = weights[at]!;
    for (let place = 0; place < group.items.length; place++) {
      const other = group.items[place]!;
      if (other === item) continue;
      if (row[other] === 0) touched.push(other);
      row[other]! += weight * group.weights[place]!;
    }
  }
  return touched;
}
