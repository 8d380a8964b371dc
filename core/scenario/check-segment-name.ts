import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import { type Json, type Reading, readId, readObject, readWord, refuse } from './read.ts';
import type { EventTrigger } from './scenario.ts';

/** The id of a segment that is published, or about to be. */
export function readSegment(reading: Reading, value: unknown, path: JsonPath): string | undefined {
  const id = readId(reading, value, path);
  if (id === undefined) return undefined;
  reading.segmentUses?.push({ segment: id, path });
  if (reading.segments?.has(id)) return id;
  const meant = closest(id, reading.segments ?? []);
  refuse(reading, path, 'no-segment', {
    message: `セグメント「${id}」がありません。`,
    messageEn: `There is no segment "${id}".`,
    suggestion: meant
      ? `"${meant}" ではありませんか?`
      : `segments/${id}.json を置いてください(置いてある場合は、そのレポートを見てください)。`,
    suggestionEn: meant
      ? `Did you mean "${meant}"?`
      : `Put it to segments/${id}.json (if it is there, see its report).`,
  });
  return undefined;
}

/** Crossing the border of a segment, as the event that tells of it. */
export function readSegmentTrigger(reading: Reading, value: Json, path: JsonPath): EventTrigger | undefined {
  readObject(reading, value, path, { required: ['segment', 'on'] });
  if (!('segment' in value) || !('on' in value)) return undefined;
  const segment = readSegment(reading, value.segment, [...path, 'segment']);
  const on = readWord(reading, value.on, [...path, 'on'], ['enter', 'leave'] as const);
  if (segment === undefined || on === undefined) return undefined;
  return { event: on === 'enter' ? 'segment.entered' : 'segment.left', where: { 'event.segment': segment } };
}
