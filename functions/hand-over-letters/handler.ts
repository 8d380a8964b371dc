// Woken by: a rule, every hour.
// Promises: from six in the morning the letters of each day before lie in one CSV for each template, every letter in one file only.
// On failure: the next hour goes on where this one stopped; what a file holds was written down before it.
import type { LocalDate } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Letter, LetterBatch, LetterBox, LetterRef } from '#core/ports/letters.ts';
import type { ProgrammeStore } from '#core/ports/outward.ts';
import { HOUR } from '#core/time/duration.ts';
import { addDays, localDate, localMillisOfDay } from '#core/time/zone.ts';
import { log } from '#functions/_shared/log.ts';

export interface HandOverPorts {
  letters: LetterBox;
  programmes: Pick<ProgrammeStore, 'load'>;
  clock: Clock;
}

/** By then the last try of a letter of the day before is over. */
const FROM = 6 * HOUR;
const AT_ONCE = 16;

export function createHandler(ports: HandOverPorts): () => Promise<void> {
  return async () => {
    const now = await ports.clock.now();
    const { manifest } = await ports.programmes.load(now);
    const today = localDate(manifest.zone, now);
    const before = localMillisOfDay(manifest.zone, now) >= FROM ? today : addDays(today, -1);
    const due = (await ports.letters.waiting()).filter(({ day }) => day < before);
    for (const [, some] of Map.groupBy(due, ({ day, template }) => `${day}/${template}`))
      await handOver(ports.letters, some);
  };
}

/** All letters of one day and template, in as many files as it takes: usually one. */
async function handOver(box: LetterBox, due: LetterRef[]): Promise<void> {
  const [first] = due;
  if (!first) return;
  const { day, template } = first;
  let left = due;
  for (let number = 1; left.length > 0; number++) {
    const batch = (await box.batch(day, template, number)) ?? (await begin(box, left, day, template, number));
    const ids = new Set(batch.ids);
    const mine = left.filter(({ messageId }) => ids.has(messageId));
    left = left.filter(({ messageId }) => !ids.has(messageId));
    if (mine.length === 0) continue;
    // Rows are cleared only after the file was written: without a file all of them are still there.
    if (!(await box.hasFile(batch))) await write(box, batch, mine);
    await box.remove(mine);
  }
}

/** Writes down which letters the next file holds: of one version, so that their columns are the same. What another run wrote first, holds. */
async function begin(
  box: LetterBox,
  left: LetterRef[],
  day: LocalDate,
  template: string,
  number: number,
): Promise<LetterBatch> {
  const { version } = left[0]!;
  const ids = left.filter((one) => one.version === version).map(({ messageId }) => messageId);
  const batch: LetterBatch = { day, template, version, number, ids };
  if (await box.putBatch(batch)) return batch;
  return (await box.batch(day, template, number)) ?? batch;
}

async function write(box: LetterBox, batch: LetterBatch, refs: LetterRef[]): Promise<void> {
  const letters: Letter[] = [];
  for (let from = 0; from < refs.length; from += AT_ONCE) {
    const read = await Promise.all(refs.slice(from, from + AT_ONCE).map((ref) => box.read(ref)));
    letters.push(...read.filter((letter) => letter !== undefined));
  }
  const cells = letters.map((letter) => letter.cells);
  // Another run that was faster has cleared rows we were about to read: its file holds them all.
  if (!(await box.putFile(batch, letters[0]?.columns ?? [], cells))) return;
  log.info('letters-handed-over', {
    day: batch.day,
    template: batch.template,
    number: batch.number,
    count: letters.length,
  });
}
