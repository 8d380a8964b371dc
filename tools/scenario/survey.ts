import { parseArgs } from 'node:util';
import { createProgrammeStore } from '#adapters/dynamodb/programme-store.ts';
import { createSurveyBook } from '#adapters/dynamodb/survey-book.ts';
import { CrmError } from '#core/error.ts';
import type { SurveyBook } from '#core/ports/survey-book.ts';
import { type Survey, scaleOf } from '#core/survey/survey.ts';
import { type QuestionTally, SurveyCount, type SurveyTally } from '#core/survey/tally.ts';
import { localNow } from '#tools/local/local-clock.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { progressOn } from '#tools/local/progress.ts';
import { openStage } from '#tools/local/stage.ts';

const USAGE = 'Usage: npm run scenario -- survey ID [--port 8400] [--json]';
const WIDTH = 30;

/** `survey ID`: how many were asked, how many answered, and what. Errors: not-found, bad-input. */
export async function survey(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { port: { type: 'string', default: String(DEFAULT_PORT) }, json: { type: 'boolean', default: false } },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1) throw new CrmError('bad-input', USAGE);
  const stage = await openStage(Number(values.port));
  const { dynamodb } = stage.clients;
  const table = stage.name('CATALOG_TABLE');
  const published = await createProgrammeStore(dynamodb, table).survey(id, await localNow(stage));
  if (!published)
    throw new CrmError('not-found', `アンケート「${id}」は公開されていません。surveys/ に置いて push してください。`);
  const progress = progressOn(process.stderr);
  const tally = await tallyOf(createSurveyBook(dynamodb, table), published, (rows) =>
    progress.passing(`  … ${rows}件を数えました`),
  );
  for (const line of sayTally(published, tally)) console.log(line);
  if (values.json) console.log(JSON.stringify({ survey: id, ...tally }));
}

/** Counts a survey's rows, page by page. */
export async function tallyOf(
  book: Pick<SurveyBook, 'page'>,
  published: Survey,
  note: (rows: number) => void = () => undefined,
): Promise<SurveyTally> {
  const count = new SurveyCount(published);
  let seen = 0;
  let next: string | undefined;
  do {
    const page = await book.page(published.id, next);
    for (const row of page.rows) count.add(row);
    seen += page.rows.length;
    note(seen);
    next = page.next;
  } while (next !== undefined);
  return count.tally;
}

/** A count as a shop reads it, with a bar for each answer. */
export function sayTally({ name, questions }: Survey, tally: SurveyTally): string[] {
  const { sent, answered, answeredWithout, rate } = tally;
  const share = rate === undefined ? '' : `(回答率 ${(rate * 100).toFixed(1)}%)`;
  const also = answeredWithout === 0 ? '' : `、ほかに LINE のボタンから${answeredWithout}件`;
  return [
    `「${name}」: ${sent}通を送り、${answered}件の回答${share}${also}`,
    ...tally.questions.flatMap((question, place) => ['', ...sayQuestion(question, optionsOf(questions[place]!))]),
  ];
}

const optionsOf = (question: Survey['questions'][number]): string[] =>
  question.kind === 'choice' ? question.choices : (scaleOf(question) ?? []).map(String).reverse();

function sayQuestion({ title, answered, counts, mean, nps }: QuestionTally, options: string[]): string[] {
  const figures = [
    `${answered}件`,
    ...(nps === undefined ? [] : [`NPS ${nps > 0 ? '+' : ''}${nps.toFixed(0)}`]),
    ...(mean === undefined ? [] : [`平均 ${mean.toFixed(1)}`]),
  ];
  const most = Math.max(1, ...Object.values(counts));
  const widest = Math.max(0, ...options.map(widthOf));
  const bars = options.map((option) => {
    const count = counts[option] ?? 0;
    return `  ${' '.repeat(widest - widthOf(option))}${option} ${'█'.repeat(Math.round((count / most) * WIDTH))} ${count}`;
  });
  return [`${title} — ${figures.join('、')}`, ...(answered === 0 ? [] : bars)];
}

/** Columns of a terminal: what is no ASCII takes two. */
const widthOf = (text: string): number => [...text].reduce((width, sign) => width + (sign > '~' ? 2 : 1), 0);
