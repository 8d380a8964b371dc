/** What the engine may be tuned by. Times in days. */
export interface Parameters {
  /** After so many days a purchase counts half in what is bought with what. */
  purchaseHalfLifeDays: number;
  /** After so many days a purchase counts half in what is popular now. */
  popularityHalfLifeDays: number;
  /** After so many days an item of the customer's own counts half as a reason for another. */
  historyHalfLifeDays: number;
  /** How much a long list says less of each pair in it: 0 = not at all, 1 = each list counts the same in all. */
  sizeDamping: number;
  /** How strongly what sells now is preferred to what sold once: 0 = not at all, 1 = in proportion. */
  trendPower: number;
  /** In `bought-together`, how strongly a neighbour's own popularity is taken off: 0 = not at all, 0.5 = as in the cosine. */
  togetherPenalty: number;
  /** In `bought-together`, how much the customer's own taste counts beside what is bought with the items: 0 = nothing, 1 = as much. */
  tasteWeight: number;
  /** What seeing two items in one visit says of their likeness, bought with one another being 1. */
  viewWeight: number;
}

/**
 * Chosen on a validation month of the one real shop measured in docs/recommendations.md; `viewWeight` and `sizeDamping` are set by hand.
 * Another shop's own are found by `npm run recommend -- evaluate`.
 */
export const DEFAULT_PARAMETERS: Parameters = {
  purchaseHalfLifeDays: 180,
  popularityHalfLifeDays: 7,
  historyHalfLifeDays: 180,
  sizeDamping: 0.75,
  trendPower: 0.5,
  togetherPenalty: 0.1,
  tasteWeight: 1,
  viewWeight: 0.3,
};
