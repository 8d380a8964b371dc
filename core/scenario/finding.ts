/** Where in a file's tree: keys and indexes from its root. */
export type JsonPath = readonly (string | number)[];

/** Line and column in a file, from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A file as parsed: plain JSON, and where each of its values stands. */
export interface SourceTree {
  value: unknown;
  /** Of the nearest place there is, when the path itself is not in the file. `key`: where its name stands, not its value. */
  positionOf(path: JsonPath, part: 'key' | 'value'): Position;
}

/** Something to say about a file. An error keeps it from being published, a warning does not. */
export interface Finding {
  level: 'error' | 'warning';
  /** A fixed name, for those who look it up. */
  rule: string;
  path: JsonPath;
  /** Speaks of a key, not of its value. */
  isOfKey?: true;
  /** Where it stands in a file that is no tree (a mail); without it the path tells. */
  position?: Position;
  /** In the words of a marketer. */
  message: string;
  messageEn: string;
  /** What to write instead. */
  suggestion?: string;
  suggestionEn?: string;
}

/** Whether it keeps the file from being published. */
export const isError = ({ level }: Pick<Finding, 'level'>): boolean => level === 'error';

/** A finding with its place in a file. */
export interface Problem {
  file: string;
  level: 'error' | 'warning';
  rule: string;
  /** `steps[2].send.template`. */
  path: string;
  line?: number;
  column?: number;
  message: string;
  messageEn: string;
  suggestion?: string;
  suggestionEn?: string;
}

/** `steps[2].send.template`; the root is empty. */
export function showPath(path: JsonPath): string {
  let shown = '';
  for (const part of path) {
    if (typeof part === 'number') shown += `[${part}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(part)) shown += shown === '' ? part : `.${part}`;
    else shown += `["${part}"]`;
  }
  return shown;
}

/** A finding as it stands in a report. */
export function problemOf(file: string, finding: Finding, tree?: SourceTree): Problem {
  const { level, rule, message, messageEn, suggestion, suggestionEn } = finding;
  const place = finding.position ?? tree?.positionOf(finding.path, finding.isOfKey ? 'key' : 'value');
  return {
    file,
    level,
    rule,
    path: showPath(finding.path),
    ...(place ?? {}),
    message,
    messageEn,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(suggestionEn === undefined ? {} : { suggestionEn }),
  };
}
