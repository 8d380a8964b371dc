import type { Instant } from '../ids.ts';
import type { Source, ZoneTable } from '../programme.ts';
import type { Problem } from '../scenario/finding.ts';
import { localDate, localTime } from '../time/zone.ts';
import type { Verdict } from './verdict.ts';

/** What lies beside each file, as `reports/<same path>.json`. It holds nothing that changes while the bucket does not. */
export interface Report {
  file: string;
  result: 'published' | 'refused';
  /** One sentence for whoever uploaded the file. */
  summary: string;
  summaryEn: string;
  id?: string;
  name?: string;
  status?: string;
  version?: number;
  takesEffectAt?: Instant;
  /** What the scenario does, told back. */
  readBack?: string[];
  problems: Problem[];
}

/** The report of a file. `source`: what it is now published as. */
export function reportOf(verdict: Verdict, source: Source | undefined, zone: ZoneTable): Report {
  const { file, id, name, control, readBack, problems, isAccepted } = verdict;
  const errors = problems.filter((one) => one.level === 'error').length;
  const warnings = problems.length - errors;
  const said = isAccepted ? publishedSaid(verdict, source, zone) : refusedSaid(verdict, errors, source);
  const [also, alsoEn] =
    warnings === 0 ? ['', ''] : [` 確認してほしい点が${warnings}件あります。`, ` ${warnings} to look at.`];
  return {
    file,
    result: isAccepted ? 'published' : 'refused',
    summary: said[0] + also,
    summaryEn: said[1] + alsoEn,
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(control ? { status: control.status } : {}),
    ...(isAccepted && source ? { version: source.version, takesEffectAt: source.takesEffectAt } : {}),
    ...(readBack ? { readBack } : {}),
    problems,
  };
}

function publishedSaid(verdict: Verdict, source: Source | undefined, zone: ZoneTable): [string, string] {
  if (verdict.kind === 'settings') {
    return ['設定を反映しました。1分以内に全体に効きます。', 'The settings are in force within a minute.'];
  }
  if (!source) return ['公開しました。', 'Published.'];
  const at = `${localDate(zone, source.takesEffectAt)} ${localTime(zone, source.takesEffectAt)}`;
  return [
    `第${source.version}版を公開しました(${at} から有効)。`,
    `Version ${source.version} is published and takes effect at ${source.takesEffectAt}.`,
  ];
}

function refusedSaid(verdict: Verdict, errors: number, source: Source | undefined): [string, string] {
  if (errors === 0) {
    return [
      '同じテンプレートの別のファイルに誤りがあるため、公開していません。',
      'Not published: another file of this template has errors.',
    ];
  }
  const begin = `誤りが${errors}件あるため、公開していません。`;
  const beginEn = `Not published: ${errors} ${errors === 1 ? 'error' : 'errors'}.`;
  if (!verdict.keepsEarlier) return [begin, beginEn];
  if (verdict.kind === 'settings')
    return [`${begin}これまでの設定のまま動いています。`, `${beginEn} The earlier settings stay.`];
  const which = source ? `第${source.version}版` : 'これまでの版';
  return [
    `${begin}${which}がそのまま動いています。`,
    `${beginEn} ${source ? `Version ${source.version}` : 'The earlier version'} goes on.`,
  ];
}
