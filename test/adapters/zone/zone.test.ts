import { describe, expect, test } from '@jest/globals';
import { zoneTable } from '#adapters/zone/zone.ts';
import { asInstant } from '#core/ids.ts';
import { localTime } from '#core/time/zone.ts';

describe('a zone from 2000 to 2050', () => {
  test('is one line for Tokyo, which has no summer time', () => {
    expect(zoneTable('Asia/Tokyo')).toEqual([{ from: '2000-01-01T00:00:00.000Z', minutes: 540 }]);
    expect(zoneTable('UTC')).toEqual([{ from: '2000-01-01T00:00:00.000Z', minutes: 0 }]);
  });
  test('changes to the minute where there is summer time, north and south', () => {
    expect(zoneTable('Europe/London')?.slice(0, 3)).toEqual([
      { from: '2000-01-01T00:00:00.000Z', minutes: 0 },
      { from: '2000-03-26T01:00:00.000Z', minutes: 60 },
      { from: '2000-10-29T01:00:00.000Z', minutes: 0 },
    ]);
    expect(zoneTable('Australia/Lord_Howe')?.[1]).toEqual({ from: '2000-03-25T15:00:00.000Z', minutes: 630 });
  });
  test('agrees with the platform on any day', () => {
    for (const name of ['America/New_York', 'Asia/Kathmandu', 'America/Sao_Paulo', 'Europe/Berlin']) {
      const table = zoneTable(name)!;
      const format = new Intl.DateTimeFormat('en-GB', {
        timeZone: name,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      });
      for (let at = Date.UTC(2001, 0, 1, 3, 7); at < Date.UTC(2049, 0, 1); at += 37.3 * 86_400_000) {
        const iso = asInstant(new Date(at).toISOString());
        expect(`${name} ${localTime(table, iso)}`).toBe(`${name} ${format.format(new Date(iso))}`);
      }
    }
  });
  test('is nothing when there is no such zone', () => {
    expect(zoneTable('Asia/Tokio')).toBeUndefined();
    expect(zoneTable('')).toBeUndefined();
  });
});
