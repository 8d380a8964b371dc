import type { Report } from '#core/publication/report.ts';
import type { Problem } from '#core/scenario/finding.ts';

export type Language = 'ja' | 'en';

const WORDS = {
  ja: {
    error: '誤り',
    warning: '確認',
    accepted: '公開できます',
    refused: '公開できません',
    published: '公開済み',
    allGood: (files: number, warnings: number) =>
      `${files}個のファイルは、すべて公開できます。${warnings > 0 ? `確認してほしい点が${warnings}件あります。` : ''}`,
    notGood: (files: number, refused: number) => `${files}個のうち${refused}個のファイルは、公開できません。`,
  },
  en: {
    error: 'error',
    warning: 'warning',
    accepted: 'can be published',
    refused: 'is refused',
    published: 'is published',
    allGood: (files: number, warnings: number) =>
      `All ${files} files can be published.${warnings > 0 ? ` ${warnings} to look at.` : ''}`,
    notGood: (files: number, refused: number) => `${refused} of ${files} files are refused.`,
  },
};

/** Reports as lines for a terminal: each file with what is wrong where, and each scenario told back. */
export function sayReports(reports: Report[], language: Language, when: 'check' | 'push'): string[] {
  const words = WORDS[language];
  const good = when === 'check' ? words.accepted : words.published;
  const lines: string[] = [];
  for (const report of reports) {
    const isRefused = report.result === 'refused';
    const name = report.name === undefined ? '' : ` 「${report.name}」`;
    const said = language === 'ja' ? report.summary : report.summaryEn;
    lines.push(
      `${isRefused ? '✗' : '✓'} ${report.file}${name}: ${when === 'push' ? said : isRefused ? words.refused : good}`,
    );
    for (const sentence of report.readBack ?? []) lines.push(`    ${sentence}`);
    for (const problem of report.problems) lines.push(...sayProblem(problem, language));
  }
  const refused = reports.filter(({ result }) => result === 'refused').length;
  const warnings = reports.flatMap(({ problems }) => problems).filter(({ level }) => level === 'warning').length;
  lines.push('', refused > 0 ? words.notGood(reports.length, refused) : words.allGood(reports.length, warnings));
  return lines;
}

/** `誤り scenarios/a.json:12:5 steps[0].wait [duration] …` and, below, what to write instead. */
function sayProblem(problem: Problem, language: Language): string[] {
  const { file, level, line, column, path, rule } = problem;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const message = language === 'ja' ? problem.message : problem.messageEn;
  const suggestion = language === 'ja' ? problem.suggestion : problem.suggestionEn;
  const lines = [`  ${WORDS[language][level]} ${place}${path === '' ? '' : ` ${path}`} [${rule}]`, `    ${message}`];
  if (suggestion !== undefined) lines.push(`    → ${suggestion}`);
  return lines;
}

/** An upload's moment by the clock of the machine at hand, which is its reader's: `2026-11-28 09:27:21`. */
export function sayMoment(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : date.toLocaleString('sv-SE');
}
