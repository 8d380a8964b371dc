import { describe, expect, test } from '@jest/globals';
import { asLocalDate } from '#core/ids.ts';
import type { Letter, LetterBox } from '#core/ports/letters.ts';
import { aMessageId } from './samples.ts';

const DAY = asLocalDate('2026-12-01');

/** What every box of letters promises. */
export function letterBoxContract(where: string, box: () => LetterBox): void {
  const aLetter = (template: string, version = 1): Letter => ({
    day: DAY,
    template,
    version,
    messageId: aMessageId(),
    columns: ['氏名'],
    cells: ['山田 花子 様'],
  });
  const waitingOf = async (template: string) =>
    (await box().waiting()).filter((ref) => ref.template === template).map(({ messageId }) => messageId);

  describe(`a box of letters ${where}`, () => {
    test('keeps a letter once, however often it is laid down, and gives it back as it was', async () => {
      const letter = aLetter('はがき');
      await box().put(letter);
      await box().put(letter);
      expect(await waitingOf('はがき')).toEqual([letter.messageId]);
      expect(await box().read(letter)).toEqual(letter);
      await box().remove([letter]);
      expect(await waitingOf('はがき')).toEqual([]);
      expect(await box().read(letter)).toBeUndefined();
    });

    test('lists by version, and clears only what it is told to', async () => {
      const letters = [aLetter('two', 10), aLetter('two', 2), aLetter('two', 2)];
      for (const letter of letters) await box().put(letter);
      const versions = (await box().waiting())
        .filter(({ template }) => template === 'two')
        .map(({ version }) => version);
      expect(versions).toEqual([2, 2, 10]);
      await box().remove(letters.slice(0, 2));
      expect(await waitingOf('two')).toEqual([letters[2]!.messageId]);
    });

    test('remembers which letters a file holds, and whether the file is there', async () => {
      const batch = { day: DAY, template: `t-${aMessageId()}`, version: 1, number: 2, ids: [aMessageId()] };
      expect(await box().batch(DAY, batch.template, 2)).toBeUndefined();
      expect(await box().putBatch(batch)).toBe(true);
      expect(await box().batch(DAY, batch.template, 2)).toEqual(batch);
      expect(await box().hasFile(batch)).toBe(false);
      expect(await box().putFile(batch, ['氏名'], [['山田']])).toBe(true);
      expect(await box().hasFile(batch)).toBe(true);
    });

    test('writes nothing over that a printer may hold', async () => {
      const batch = { day: DAY, template: `t-${aMessageId()}`, version: 1, number: 1, ids: [aMessageId()] };
      await box().putBatch(batch);
      expect(await box().putBatch({ ...batch, ids: [] })).toBe(false);
      expect(await box().batch(DAY, batch.template, 1)).toEqual(batch);
      await box().putFile(batch, ['氏名'], [['山田']]);
      expect(await box().putFile(batch, [], [])).toBe(false);
    });
  });
}
