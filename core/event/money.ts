const words = (text: string): Set<string> => new Set(text.split(' '));

/** ISO 4217 where it is not two digits. A table of our own: ICU gives HUF none, and a newer ICU must never move money by a factor of 100. */
const WITHOUT = words('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF');
const THREE = words('BHD IQD JOD KWD LYD OMR TND');
const FOUR = words('CLF UYW');

/** Digits after the point of a currency's amounts: 0 for JPY, 2 for USD, 3 for KWD. */
export function minorDigits(currency: string): number {
  if (WITHOUT.has(currency)) return 0;
  if (THREE.has(currency)) return 3;
  return FOUR.has(currency) ? 4 : 2;
}

/**
 * A decimal text (`3980`, `3980.00`, `-12.5`) as a whole number of the currency's minor unit, exactly.
 * Undefined when it is no decimal, has more digits than the currency (`3980.5` yen), or is over 10^15.
 */
export function toMinor(decimal: string, currency: string): number | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(decimal.trim());
  if (!match) return undefined;
  const digits = minorDigits(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return undefined;
  const minor = Number(`${match[2]}${fraction.padEnd(digits, '0')}`);
  if (minor > 1e15) return undefined;
  return match[1] && minor !== 0 ? -minor : minor;
}
