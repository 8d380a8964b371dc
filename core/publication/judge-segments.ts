import type { SourceTools } from '../ports/publication.ts';
import type { Finding, SourceTree } from '../scenario/finding.ts';
import type { OwnNames } from '../scenario/read.ts';
import { checkSegment, readBackSegment } from '../segment/check-segment.ts';
import { segmentsIn } from '../segment/segment.ts';
import * as say from './bucket-findings.ts';
import { type Before, type BucketFile, parseFile, type SegmentContent, told, type Verdict } from './verdict.ts';

export interface JudgedSegments {
  segments: { file: string; content: SegmentContent }[];
  /** Segments in force that no accepted file speaks of any more, and that stay: refused files, and what others may still ask for. */
  keptSegments: string[];
}

interface Judged {
  file: BucketFile;
  findings: Finding[];
  id?: string;
  tree?: SourceTree;
  content?: SegmentContent;
  uses: { segment: string; path: readonly (string | number)[] }[];
}

/** What may be asked for by name, and which of it has lost its file. */
export interface SegmentsInForce {
  known: ReadonlySet<string>;
  gone: ReadonlySet<string>;
}

/** Judges every segment file beside all others: what one asks for must be there, and none may ask for itself. */
export function judgeSegments(
  files: BucketFile[],
  before: Before,
  tools: SourceTools,
  verdicts: Verdict[],
  names: OwnNames = {},
): { judged: Judged[]; inForce: SegmentsInForce; contents: ReadonlyMap<string, SegmentContent> } {
  const earlier = before.segments ?? new Map();
  const parsed = files.map((file) => ({ file, parsed: parseFile(file, tools) }));
  const ids = parsed.flatMap(({ file, parsed: one }) => {
    const id = 'tree' in one ? idIn(one.tree.value) : before.manifest?.sources?.[file.key]?.id;
    return id === undefined ? [] : [id];
  });
  const written = new Set(ids);
  let judged: Judged[] = [];
  let known = new Set([...written, ...earlier.keys()]);
  // A segment that is refused, and was never in force, takes those with it that ask for it.
  for (let round = 0; round <= files.length; round++) {
    // Who is refused stays refused for the reason they were: what follows from it would hide it.
    const refused = new Map(judged.filter((one) => !one.content).map((one) => [one.file, one]));
    judged = parsed.map(({ file, parsed: one }) => refused.get(file) ?? judgeOne(file, one, known, before, names));
    refuseTwice(judged);
    refuseCircles(judged, earlier);
    const accepted = new Set(judged.flatMap((one) => (one.content ? [one.content.id] : [])));
    const next = new Set([...accepted, ...earlier.keys()]);
    if (next.size === known.size) break;
    known = next;
  }
  const gone = new Set([...earlier.keys()].filter((id) => !written.has(id)));
  const contents = new Map<string, SegmentContent>(earlier);
  for (const one of judged) if (one.content) contents.set(one.content.id, one.content);
  for (const one of judged) {
    const { file, findings, id, tree, content, uses } = one;
    for (const use of uses) if (gone.has(use.segment)) findings.push(say.segmentGone(use.segment, use.path));
    const verdict = told(file.key, 'segment', findings, tree);
    if (id !== undefined) verdict.id = id;
    if (content) verdicts.push({ ...verdict, name: content.name, readBack: readBackSegment(content) });
    else
      verdicts.push({
        ...verdict,
        isAccepted: false,
        ...(id !== undefined && earlier.has(id) ? { keepsEarlier: true } : {}),
      });
  }
  return { judged, inForce: { known, gone }, contents };
}

/** Which segments are in force after all: `asked` = those that scenarios in force name; undefined = nobody can tell. */
export function settleSegments(
  { judged, contents, inForce }: ReturnType<typeof judgeSegments>,
  asked: ReadonlySet<string> | undefined,
  before: Before,
): JudgedSegments {
  const segments = judged.flatMap(({ file, content }) => (content ? [{ file: file.key, content }] : []));
  const accepted = new Set(segments.map(({ content }) => content.id));
  const isSomebodyUnknown = judged.some((one) => one.id === undefined);
  const held = new Set(judged.flatMap((one) => (one.id === undefined || one.content ? [] : [one.id])));
  const wanted = new Set<string>();
  const want = (id: string): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    for (const one of segmentsIn(contents.get(id)?.when)) want(one);
  };
  for (const id of [...accepted, ...held, ...(asked ?? inForce.gone)]) want(id);
  const earlier = [...(before.segments?.keys() ?? [])];
  return { segments, keptSegments: earlier.filter((id) => !accepted.has(id) && (isSomebodyUnknown || wanted.has(id))) };
}

function judgeOne(
  file: BucketFile,
  parsed: ReturnType<typeof parseFile>,
  known: ReadonlySet<string>,
  before: Before,
  names: OwnNames,
): Judged {
  const source = before.manifest?.sources?.[file.key]?.id;
  const named = source === undefined ? {} : { id: source };
  if ('finding' in parsed) return { file, findings: [parsed.finding], ...named, uses: [] };
  const { findings, id, segment, uses } = checkSegment(parsed.tree.value, known, names);
  return {
    file,
    tree: parsed.tree,
    findings,
    ...(id === undefined ? named : { id }),
    ...(segment ? { content: segment } : {}),
    uses,
  };
}

function refuseTwice(judged: Judged[]): void {
  for (const one of judged) {
    const others = judged.filter((other) => other !== one && other.id !== undefined && other.id === one.id);
    if (others.length === 0 || one.findings.some((finding) => finding.rule === 'same-id')) continue;
    one.findings.push(
      say.twice(
        one.id ?? '',
        others.map((other) => other.file.key),
      ),
    );
  }
  for (const one of judged) if (one.findings.some((finding) => finding.rule === 'same-id')) delete one.content;
}

/** Refuses files until what is left, with what stays of earlier versions, has no circle. */
function refuseCircles(judged: Judged[], earlier: ReadonlyMap<string, SegmentContent>): void {
  for (;;) {
    const contents = new Map(earlier);
    for (const one of judged) if (one.content) contents.set(one.content.id, one.content);
    const circle = circleIn(contents);
    const guilty = judged.filter((one) => one.content && circle?.includes(one.content.id));
    if (!circle || guilty.length === 0) return;
    for (const one of guilty) {
      one.findings.push(say.segmentCircle(circle));
      delete one.content;
    }
  }
}

/** Ids that ask for each other in a circle, the first once more at the end; undefined when there is none. */
function circleIn(contents: ReadonlyMap<string, SegmentContent>): string[] | undefined {
  const done = new Set<string>();
  const walk = (id: string, way: string[]): string[] | undefined => {
    const at = way.indexOf(id);
    if (at >= 0) return [...way.slice(at), id];
    if (done.has(id)) return undefined;
    for (const next of segmentsIn(contents.get(id)?.when)) {
      const found = walk(next, [...way, id]);
      if (found) return found;
    }
    done.add(id);
    return undefined;
  };
  for (const id of contents.keys()) {
    const found = walk(id, []);
    if (found) return found;
  }
  return undefined;
}

function idIn(file: unknown): string | undefined {
  if (typeof file !== 'object' || file === null || !('id' in file)) return undefined;
  return typeof file.id === 'string' ? file.id : undefined;
}
