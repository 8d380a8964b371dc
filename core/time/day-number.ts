/** Days since 1970-01-01 of the calendar. The platform's own Date takes ten times as long, and times are the half of all that core works out. */
const KNOWN = 60_000;
const texts = new Array<string | undefined>(KNOWN);

/** The first day of the year 0 and the last of 9999: years of four digits compare as text. */
const FIRST = -719_528;
const LAST = 2_932_896;

/** `2026-11-24` of a whole number of days since 1970; beyond the years 0 to 9999 their first or last day. Throws RangeError when it is no number. */
export function dateOfDay(day: number): string {
  const known = texts[day];
  if (known !== undefined) return known;
  const text = new Date(Math.min(Math.max(day, FIRST), LAST) * 86_400_000).toISOString();
  const date = text.slice(0, text.indexOf('T'));
  if (day >= 0 && day < KNOWN) texts[day] = date;
  return date;
}

/** Days since 1970 of text that begins with `2026-11-24`; NaN when it does not. A day the month does not have is counted on into the next, as Date does up to the 31st. */
export function dayOfDate(text: string): number {
  const a = text.charCodeAt(0) - 48;
  const b = text.charCodeAt(1) - 48;
  const c = text.charCodeAt(2) - 48;
  const d = text.charCodeAt(3) - 48;
  const e = text.charCodeAt(5) - 48;
  const f = text.charCodeAt(6) - 48;
  const g = text.charCodeAt(8) - 48;
  const h = text.charCodeAt(9) - 48;
  // Negative when one of them is no digit.
  const odd =
    a | (9 - a) | b | (9 - b) | c | (9 - c) | d | (9 - d) | e | (9 - e) | f | (9 - f) | g | (9 - g) | h | (9 - h);
  if (!(odd >= 0) || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return Number.NaN;
  const month = e * 10 + f;
  const day = g * 10 + h;
  if (month < 1 || month > 12 || day < 1 || day > 31) return Number.NaN;
  // The year is made to begin in March, so that the leap day is its last (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  const year = a * 1000 + b * 100 + c * 10 + d - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const ofEra = year - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** Whether text is a day of the calendar, `2026-11-24`: neither `2026-02-30` nor `0000-00-00`. */
export const isDay = (text: string): boolean => text.length === 10 && isOfTheCalendar(text);

/** Whether text begins with one. */
export function isOfTheCalendar(text: string): boolean {
  const day = dayOfDate(text);
  return !Number.isNaN(day) && text.startsWith(dateOfDay(day));
}
