import { describe, expect, test } from '@jest/globals';
import { showPath } from '#core/scenario/finding.ts';
import type { Reading } from '#core/scenario/read.ts';
import { missingDuties, readSettings, SHIPPED } from '#core/scenario/settings.ts';

const SENDER = {
  legalName: '縁屋株式会社',
  postalAddress: '京都市中京区',
  contact: 'help@example.jp',
  optOutAddress: 'stop@example.jp',
  from: '"縁屋" <news@example.jp>',
};
function read(file: unknown) {
  const reading: Reading = { findings: [] };
  const settings = readSettings(reading, file);
  const errors = reading.findings
    .filter((one) => one.level === 'error')
    .map((one) => `${showPath(one.path)}: ${one.rule}`);
  return {
    settings,
    errors,
    warnings: reading.findings.filter((one) => one.level === 'warning').map((one) => one.rule),
  };
}

describe('settings.json', () => {
  test('says nothing, and a stage rehearses in Tokyo, in yen, with the shipped caps and quiet hours', () => {
    expect(read({})).toEqual({ settings: SHIPPED, errors: [], warnings: ['sender-incomplete'] });
    expect(SHIPPED.sending).toBe('rehearsal');
    expect(SHIPPED.quiet).toEqual({ from: '21:00', to: '9:00' });
  });
  test('changes what it names and nothing beside it', () => {
    const { settings, errors, warnings } = read({
      timeZone: 'Europe/London',
      currency: 'GBP',
      shopName: '縁屋',
      sender: { ...SENDER, replyTo: 'help@example.jp' },
      staff: ['owner@example.jp'],
      sending: 'live',
      caps: { line: { perWeek: 0 } },
      quiet: { from: '20:00', to: '8:30' },
      holdout: { global: 0.5 },
      closedDays: ['2026-12-31'],
    });
    expect([errors, warnings]).toEqual([[], []]);
    expect(settings).toMatchObject({
      caps: { line: { perWeek: 0 }, email: { perWeek: 3 }, all: { perDay: 1 } },
      holdout: { scenario: 5, global: 0.5 },
      quiet: { from: '20:00', to: '8:30' },
      sending: 'live',
    });
    expect(missingDuties(settings)).toEqual([]);
  });
  test("can't go live without saying who sends", () => {
    expect(read({ sending: 'live' }).errors).toEqual(['sending: sender-incomplete']);
    expect(read({ sending: 'live', sender: { ...SENDER, contact: '' } }).errors).toEqual([
      'sending: sender-incomplete',
    ]);
  });
  test.each([
    [{ sending: 'on' }, 'sending: word'],
    [{ currency: '円' }, 'currency: currency'],
    [{ caps: { line: { perDay: 1 } } }, 'caps.line.perDay: unknown-key'],
    [{ caps: { line: { perWeek: -1 } } }, 'caps.line.perWeek: range'],
    [{ quiet: { from: '21:00' } }, 'quiet: required'],
    [{ quiet: { from: 'best', to: '9:00' } }, 'quiet.from: time-of-day'],
    [{ holdout: { scenario: 80 } }, 'holdout.scenario: range'],
    [{ closedDays: ['12/31'] }, 'closedDays[0]: day'],
    [{ sender: { from: 'news' } }, 'sender.from: mailbox'],
    [{ staf: [] }, 'staf: unknown-key'],
    [{ malls: ['rakuten'] }, 'malls: unknown-key'],
    [[], ': kind'],
  ])('%j is refused', (file, error) => {
    expect(read(file).errors).toContain(error);
  });
});

describe('the shop’s own names', () => {
  test('are read: coupon pools with or without a validity, webhooks, teams, attributes', () => {
    const { settings, errors } = read({
      coupons: { birthday: 'お誕生日クーポン', 'comeback-500': { label: '500円', validFor: '30d' } },
      webhooks: { 'box-change': { url: 'https://shop.example.jp/enishi/box?x=1', secretName: 'box-change' } },
      teams: ['CS', '倉庫', 'CS'],
      attributes: { 肌質: { label: '肌質', kind: 'text' }, 回数: { label: '来店回数', kind: 'number' } },
    });
    expect(errors).toEqual([]);
    expect(settings.coupons).toEqual({
      birthday: { label: 'お誕生日クーポン' },
      'comeback-500': { label: '500円', validFor: '30d' },
    });
    expect(settings.teams).toEqual(['CS', '倉庫']);
    expect(Object.keys(settings.attributes ?? {})).toEqual(['肌質', '回数']);
  });

  test.each([
    'http://shop.example.jp/',
    'https://localhost/hook',
    'https://10.0.0.1/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433/',
    'https://[::1]/',
    'https://user:password@shop.example.jp/',
    'https://intranet/hook',
    'ftp://shop.example.jp/',
    'https://shop.example.jp/a b',
  ])('may not call %s', (url) => {
    expect(read({ webhooks: { box: { url, secretName: 'box' } } }).errors).toEqual(['webhooks.box.url: webhook-url']);
  });

  test('may call this machine on a local stage, with a word of warning', () => {
    const { errors, warnings } = read({ webhooks: { box: { url: 'http://127.0.0.1:9000/x', secretName: 'box' } } });
    expect([errors, warnings.includes('local-webhook')]).toEqual([[], true]);
  });

  test('name a secret and never hold one', () => {
    const url = 'https://shop.example.jp/';
    expect(read({ webhooks: { box: { url, secretName: '../address-key' } } }).errors).toEqual([
      'webhooks.box.secretName: secret-name',
    ]);
    expect(read({ webhooks: { box: { url, secret: 'abc' } } }).errors).toContain('webhooks.box.secret: unknown-key');
  });
});
