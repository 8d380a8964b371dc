import { describe, expect, test } from '@jest/globals';
import { stageFrom } from '#lib/stage.ts';

const stage = (context: Record<string, unknown>) => stageFrom({ tryGetContext: (key: string) => context[key] });

describe('a stage', () => {
  test('is production when nothing is said', () => {
    expect(stage({}).name).toBe('production');
  });

  test('that does not exist is refused', () => {
    expect(() => stage({ stage: 'prod' })).toThrow('there is no stage prod');
  });

  test('takes the shop’s own words of that stage only', () => {
    const enishi = { production: { domain: 'shop.example' }, staging: { domain: 'try.shop.example' } };
    expect(stage({ stage: 'staging', enishi }).domain).toBe('try.shop.example');
  });

  test.each([
    ['a misspelt setting', { domian: 'shop.example' }],
    ['an address where a domain belongs', { domain: 'https://shop.example/' }],
    ['a mail address where a domain belongs', { domain: 'news@shop.example' }],
    ['a name of an API without its certificate', { apiDomain: { name: 'crm.shop.example' } }],
    ['an alarm to nobody', { alarmEmail: '' }],
  ])('refuses %s before anything is deployed', (_, told) => {
    expect(() => stage({ enishi: { production: told } })).toThrow('cdk.context.json: enishi.production.');
  });

  test('on this machine reaches AWS, the API, LINE, SES and the inbox on five ports in a row', () => {
    expect(stage({ stage: 'local', port: '9000' })).toMatchObject({
      publicUrl: 'http://127.0.0.1:9001',
      lineApiBase: 'http://127.0.0.1:9002',
      sesEndpoint: 'http://127.0.0.1:9003',
      effectDelaySeconds: 0,
    });
  });

  test('publishes so that every function has let go of the old manifest before the new one holds', () => {
    expect(stage({}).effectDelaySeconds).toBeGreaterThan(60);
  });
});
