import { describe, expect, test } from '@jest/globals';
import type { ItemRecord, Shelf } from '#core/catalog/recommend/record.ts';
import type { LearntLists, Recommendations } from '#core/ports/recommendations.ts';
import { at } from './samples.ts';

/** What every store of learnt lists promises. */
export function recommendationsContract(where: string, lists: () => Recommendations & LearntLists): void {
  const builtAt = at('10:00');
  const record = (item: string, near: string): ItemRecord => ({
    item,
    builtAt,
    similar: [[near, 0.5]],
    together: [[near, 1.25]],
  });
  const shelf = (more: Partial<Shelf>): Shelf => ({ builtAt, popular: [['tea', 3]], ...more });

  describe(`learnt lists ${where}`, () => {
    test('are read back in one go, by item and by shelf; what was never learnt is absent', async () => {
      const shelves = [shelf({}), shelf({ category: '茶' }), shelf({ segment: '茶', buyers: 30 })];
      await lists().put([record('tea', 'cup'), record('cup', 'tea')], shelves);
      const read = await lists().read(
        ['tea', 'nothing', 'tea'],
        ['shop', 'category#茶', 'segment#茶', 'segment#nobody'],
      );
      expect([...read.records]).toEqual([['tea', record('tea', 'cup')]]);
      expect(new Map([...read.shelves].sort())).toEqual(
        new Map([
          ['category#茶', shelves[1]],
          ['segment#茶', shelves[2]],
          ['shop', shelves[0]],
        ]),
      );
    });

    test('learnt again take the place of the old', async () => {
      await lists().put([record('soap', 'towel')], []);
      await lists().put([record('soap', 'brush')], []);
      expect((await lists().read(['soap'], [])).records.get('soap')?.similar).toEqual([['brush', 0.5]]);
    });

    test('of hundreds of items are written and read', async () => {
      const many = Array.from({ length: 230 }, (_, n) => record(`many-${n}`, 'tea'));
      await lists().put(many, []);
      const { records } = await lists().read(
        many.map(({ item }) => item),
        [],
      );
      expect(records.size).toBe(230);
    });
  });
}
