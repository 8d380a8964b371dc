/** The order of two texts by their code units, as sort wants it: negative, 0 or positive. Instants and ids sort so, too. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
