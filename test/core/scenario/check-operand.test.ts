import { expect, test } from '@jest/globals';
import { checkSegment } from '#core/segment/check-segment.ts';

const rulesOf = (when: object) =>
  checkSegment({ id: 'a', name: 'A', when }, new Set(), {
    attributes: { 次の誕生日: { label: '次の誕生日', kind: 'day' } },
  })
    .findings.filter(({ level }) => level === 'error')
    .map(({ rule, suggestion }) => `${rule} ${suggestion}`);

test('a birthday is the day of birth: who asks whether it is near is told of the yearly trigger', () => {
  for (const operator of ['inNext', 'inLast', 'olderThan']) {
    expect(rulesOf({ 'customer.birthday': { [operator]: '7d' } })).toEqual([
      expect.stringMatching(/^birthday .*"date": "customer.birthday", "every": "year", "offset": "-7d"/),
    ]);
  }
  expect(rulesOf({ 'customer.birthday': { like: '*-12-*' } })).toEqual([]);
  expect(rulesOf({ 'customer.birthday': { '<': '2006-04-01' } })).toEqual([]);
  expect(rulesOf({ 'customer.attributes.次の誕生日': { inNext: '7d' } })).toEqual([]);
});
