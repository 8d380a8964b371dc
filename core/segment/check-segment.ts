import { checkCondition } from '../scenario/check-condition.ts';
import type { Finding } from '../scenario/finding.ts';
import { isRefused, type OwnNames, type Reading, readId, readObject, readText } from '../scenario/read.ts';
import { sayCondition } from '../scenario/read-back-condition.ts';
import type { Segment } from './segment.ts';

export interface CheckedSegment {
  findings: Finding[];
  /** The id as far as it could be read. */
  id?: string;
  /** Absent when the file is refused. */
  segment?: Omit<Segment, 'version'>;
  /** Every segment it asks for, and where. */
  uses: { segment: string; path: readonly (string | number)[] }[];
}

/** Judges one segment file as parsed. `known`: the segments it may ask for. That none asks for itself is judged beside all others. */
export function checkSegment(file: unknown, known: ReadonlySet<string>, names: OwnNames = {}): CheckedSegment {
  const uses: CheckedSegment['uses'] = [];
  const reading: Reading = { findings: [], segments: known, segmentUses: uses, names };
  const written = readObject(reading, file, [], { required: ['id', 'name', 'when'], optional: ['$schema'] });
  if (!written) return { findings: reading.findings, uses };
  const id = 'id' in written ? readId(reading, written.id, ['id']) : undefined;
  const name = 'name' in written ? readText(reading, written.name, ['name'], 100) : undefined;
  const when =
    'when' in written ? checkCondition(reading, written.when, ['when'], { event: null, isAlone: true }) : undefined;
  const named = id === undefined ? {} : { id };
  if (isRefused(reading) || id === undefined || name === undefined || !when) {
    return { findings: reading.findings, ...named, uses };
  }
  return { findings: reading.findings, id, segment: { id, name, when }, uses };
}

/** A segment told back in Japanese. */
export const readBackSegment = ({ when }: Pick<Segment, 'when'>): string[] => [
  `このセグメントに入るのは: ${sayCondition(when)}人`,
  '条件に合った瞬間に入り、合わなくなった瞬間に出ます(日数の条件も、その分まで正確です)',
];
