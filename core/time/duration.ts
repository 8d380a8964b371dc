const UNIT = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of `90m`, `24h`, `30d`, `2w`, `-7d`; undefined when it is none of these. A day is 24 hours here. */
export function parseDuration(text: string): number | undefined {
  const known = durations.get(text);
  if (known !== undefined) return known;
  const found = readDuration(text);
  if (found !== undefined && durations.size < 2000) durations.set(text, found);
  return found;
}

/** Of every duration that was asked for; files hold a few. */
const durations = new Map<string, number>();

function readDuration(text: string): number | undefined {
  const match = /^(-?)(\d{1,6})([mhdw])$/.exec(text);
  if (!match) return undefined;
  const amount = Number(match[2]) * UNIT[match[3] as keyof typeof UNIT];
  return match[1] ? -amount : amount;
}

/** Whole days of a duration written in days or weeks; undefined for hours and minutes. */
export function parseDays(text: string): number | undefined {
  const match = /^(-?)(\d{1,6})([dw])$/.exec(text);
  if (!match) return undefined;
  const days = Number(match[2]) * (match[3] === 'w' ? 7 : 1);
  return match[1] ? -days : days;
}

export const MINUTE = UNIT.m;
export const HOUR = UNIT.h;
export const DAY = UNIT.d;
