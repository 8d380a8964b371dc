import holidayJp from '@holiday-jp/holiday_jp';

/** Japan's public holidays from a year before to five years after, as dates in order. */
export function japaneseHolidays(year: number): string[] {
  const from = `${year - 1}-01-01`;
  const to = `${year + 5}-12-31`;
  return Object.keys(holidayJp.holidays)
    .filter((day) => day >= from && day <= to)
    .sort();
}
