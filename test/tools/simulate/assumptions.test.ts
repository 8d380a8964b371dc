import { expect, test } from '@jest/globals';
import type { People } from '#tools/simulate/people.ts';
import { assumptionsOf } from '#tools/simulate/say.ts';
import type { FolderRun } from '#tools/simulate/simulate-folder.ts';

const run = (steps: object[]) => ({ judgement: { scenarios: [{ content: { steps } }] } }) as unknown as FolderRun;
const people = { assumptions: ['orders are paid'] } as unknown as People;
const recommending = [{ recommend: { list: 'popular' } }];

test('a simulation says that it knows no products where a scenario recommends some, however deep, and only there', () => {
  expect(assumptionsOf([run([{ wait: '1d' }])], people)).toEqual(['orders are paid']);
  for (const steps of [recommending, [{ if: {}, then: recommending }]]) {
    expect(assumptionsOf([run([]), run(steps)], people)).toEqual([
      'orders are paid',
      expect.stringContaining('おすすめ(recommend)'),
    ]);
  }
});
