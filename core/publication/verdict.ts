import type { SourceTools } from '../ports/publication.ts';
import type { Manifest, Template } from '../programme.ts';
import { type Finding, type Problem, problemOf, type SourceTree } from '../scenario/finding.ts';
import type { Scenario, ScenarioControl } from '../scenario/scenario.ts';
import type { Segment } from '../segment/segment.ts';
import type { Survey } from '../survey/survey.ts';
import type { FileKind } from './bucket-files.ts';
import * as say from './bucket-findings.ts';

export interface BucketFile {
  key: string;
  bytes: number;
  /** Absent when it is too long to be read. */
  content?: Uint8Array;
}

/** Longest file that is read. */
export const mostBytes = (key: string): number => (key.endsWith('.mjml') ? 500_000 : 250_000);

/** What is in force while the bucket is judged. */
export interface Before {
  manifest: Manifest | undefined;
  templates: ReadonlyMap<string, Template>;
  /** Absent: none were ever published. */
  scenarios?: ReadonlyMap<string, Scenario>;
  /** Likewise. */
  segments?: ReadonlyMap<string, Segment>;
  /** Likewise. */
  surveys?: ReadonlyMap<string, Survey>;
}

export type ScenarioContent = Omit<Scenario, 'version'>;
export type SegmentContent = Omit<Segment, 'version'>;
export type TemplateContent = Omit<Template, 'version'>;

/** What is to be said of one file. */
export interface Verdict {
  file: string;
  kind: FileKind['kind'];
  id?: string;
  name?: string;
  isAccepted: boolean;
  /** An earlier version of it is in force and stays so. */
  keepsEarlier?: boolean;
  problems: Problem[];
  readBack?: string[];
  control?: Omit<ScenarioControl, 'version'>;
}

/** What is said of a file; it is accepted unless something is an error. */
export const told = (file: string, kind: FileKind['kind'], findings: Finding[], tree?: SourceTree): Verdict => ({
  file,
  kind,
  isAccepted: !findings.some((one) => one.level === 'error'),
  problems: findings.map((one) => problemOf(file, one, tree)),
});

/** A JSON file as a tree, or the first thing that keeps it from being read. */
export function parseFile(file: BucketFile, tools: SourceTools): { tree: SourceTree } | { finding: Finding } {
  if (file.content === undefined) return { finding: say.tooLarge(file.bytes, mostBytes(file.key)) };
  const parsed = tools.parse(file.content);
  return 'tree' in parsed ? parsed : { finding: { ...parsed.finding, position: parsed.position } };
}
