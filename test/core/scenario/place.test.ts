import { expect, test } from '@jest/globals';
import { after, into, placeOf, stepAt } from '#core/scenario/place.ts';
import { aScenario, send } from '#test/support/builders.ts';

const scenario = aScenario({
  steps: [
    send('a'),
    { if: {}, then: [send('b'), { if: {}, then: [send('c')], else: [] }], else: [] },
    {
      id: 's',
      split: [
        { name: 'x/y', weight: 1, steps: [send('d')] },
        { name: 'z', weight: 1, steps: [send('e'), send('f')] },
      ],
    },
    send('g'),
  ],
});

test('a walk through every branch comes back to the step behind it', () => {
  expect(after(scenario, '0')).toBe('1');
  expect(into(scenario, '1', 'then')).toBe('1/then/0');
  expect(after(scenario, '1/then/0')).toBe('1/then/1');
  expect(after(scenario, '1/then/1/then/0')).toBe('2');
  expect(into(scenario, '1', 'else')).toBe('2');
  expect(into(scenario, '2', 'split/1')).toBe('2/split/1/0');
  expect(after(scenario, '2/split/1/0')).toBe('2/split/1/1');
  expect(after(scenario, '2/split/0/0')).toBe('3');
  expect(after(scenario, '3')).toBeUndefined();
});

test('every step is found by its id, and stands where it was found', () => {
  for (const id of ['a', 'b', 'c', 's', 'd', 'e', 'f', 'g'])
    expect(stepAt(scenario, placeOf(scenario, id)!)?.id).toBe(id);
  expect(placeOf(scenario, 'nowhere')).toBeUndefined();
});
