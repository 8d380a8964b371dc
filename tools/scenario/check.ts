import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { reportOf } from '#core/publication/report.ts';
import { judgeFolder } from './folder.ts';
import { type Language, sayReports } from './say.ts';

/** `check DIR`: what the publisher would say of every file. The exit code is 1 when it would refuse one. Errors: bad-input, not-found. */
export async function check(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { lang: { type: 'string', default: 'ja' }, json: { type: 'boolean', default: false } },
  });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) {
    throw new CrmError('bad-input', 'フォルダを1つ書いてください: npm run scenario -- check DIR');
  }
  const language = languageOf(values.lang);
  const judgement = await judgeFolder(folder);
  const reports = judgement.verdicts
    .map((verdict) => reportOf(verdict, undefined, judgement.zone))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  if (reports.length === 0) {
    throw new CrmError(
      'bad-input',
      `${folder} に、調べるファイルがありません。(There is nothing to check in ${folder}.)`,
    );
  }
  const refused = reports.filter(({ result }) => result === 'refused').length;
  for (const line of sayReports(reports, language, 'check')) console.log(line);
  if (refused > 0) process.exitCode = 1;
  if (!values.json) return;
  const problems = reports.flatMap((report) => report.problems);
  const scenarios = reports
    .filter(({ file, readBack }) => file.startsWith('scenarios/') && readBack !== undefined)
    .map(({ file, id, name, status, readBack }) => ({ file, id, name, status, readBack }));
  const files = reports.map(({ file, result, id }) => ({
    file,
    result: result === 'refused' ? 'refused' : 'accepted',
    id,
  }));
  console.log(JSON.stringify({ isAccepted: refused === 0, refused, files, scenarios, problems }));
}

export function languageOf(text: string): Language {
  if (text === 'ja' || text === 'en') return text;
  throw new CrmError('bad-input', `--lang is ja or en, not "${text}".`);
}
