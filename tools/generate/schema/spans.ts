import { orParam, type Schema } from './schema.ts';

const MINUTES = 60;
const HOURS = 24;
const WEEK = 7;

/** Whole numbers from 0 to `most`, as a pattern. */
function upTo(most: number): string {
  const digits = String(most);
  const shorter = digits.length > 1 ? [`\\d{1,${digits.length - 1}}`] : [];
  const below = [...digits].flatMap((digit, i) => {
    const least = i === 0 ? 1 : 0;
    const rest = digits.length - i - 1;
    if (Number(digit) <= least) return [];
    return [`${digits.slice(0, i)}[${least}-${Number(digit) - 1}]${rest > 0 ? `\\d{${rest}}` : ''}`];
  });
  return `(?:${[...shorter, ...below, digits].join('|')})`;
}

/** A duration of so many days at most. */
const spans = (days: number): string =>
  `(?=\\d{1,6}[mhdw]$)0*(?:${upTo(days * HOURS * MINUTES)}m|${upTo(days * HOURS)}h|${upTo(days)}d|${upTo(Math.floor(days / WEEK))}w)`;

const TEN_YEARS = 3660;
const span = (pattern: string): Schema => orParam({ type: 'string', pattern: `^${pattern}$` });

/** How long something may be, by where it stands: each is spoken of under `definitions`. */
export const SPANS: Schema = {
  duration: span(spans(TEN_YEARS)),
  /** Not nothing: what is over as soon as it begins. */
  someTime: span(`(?!0+[mhdw])${spans(TEN_YEARS)}`),
  pace: span(`(?!0*[0-4]m|0+[hdw])${spans(TEN_YEARS)}`),
  interest: span(`(?!0+[mhdw])${spans(365)}`),
  call: span('(?:0{0,4}(?:[1-9]|[1-5]\\d|60)m|0{0,5}1h)'),
  offset: span(`-?${spans(TEN_YEARS)}`),
  dateOffset: span(`(?:${spans(TEN_YEARS)}|-${spans(366)})`),
};
