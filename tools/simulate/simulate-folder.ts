import { CrmError } from '#core/error.ts';
import type { CrmEvent, Reported } from '#core/event/event.ts';
import type { Instant } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import type { Judgement } from '#core/publication/judge-bucket.ts';
import { programmeOf, switchedOn } from '#core/publication/programme-of.ts';
import { historyOf, type LineMonth, Simulation } from '#core/simulate.ts';
import { ASSUMED_ANSWERS } from '#core/simulation/answers.ts';
import type { Life } from '#core/simulation/life.ts';
import type { Tally } from '#core/simulation/tally.ts';
import { sourceTools } from '#functions/_shared/source-tools.ts';
import { judgeFolder } from '#tools/scenario/folder.ts';
import type { People } from './people.ts';

/** One folder's year. */
export interface FolderRun {
  folder: string;
  judgement: Judgement;
  programme: Programme;
  tally: Tally;
  lineMonths: LineMonth[];
  hasAnswers: boolean;
  samples: Sample[];
}

/** One customer's history, to look at. */
export interface Sample {
  why: string;
  events: CrmEvent[];
}

export interface Window {
  from: Instant;
  to: Instant;
}

/** The scenarios of a folder as they would run. Errors: not-found; bad-input when none can run, with what is wrong. */
export async function openFolder(folder: string): Promise<Judgement> {
  const judgement = await judgeFolder(folder);
  if (judgement.scenarios.length > 0) return judgement;
  const problems = judgement.verdicts.flatMap(({ problems: all }) => all.filter(({ level }) => level === 'error'));
  const [first] = problems;
  const why = first ? `${first.file}:${first.line ?? 1} ${first.message}` : 'scenarios/*.json がありません。';
  throw new CrmError(
    'bad-input',
    `${folder} に、動かせるシナリオがありません。${why} (npm run scenario -- check ${folder})`,
  );
}

/** Lives everybody's time through under one folder, from `from` on: what was before is history. `note` hears how many are done. */
export function runFolder(
  folder: string,
  judgement: Judgement,
  people: People,
  { from, to }: Window,
  note: (done: number) => void,
): FolderRun {
  const holidays = sourceTools.holidays(Number(from.slice(0, 4)));
  const programme = switchedOn(programmeOf(judgement, holidays, from));
  const simulation = new Simulation(programme, { from, to, answers: ASSUMED_ANSWERS });
  const choice = new Choice();
  let done = 0;
  for (const life of people.lives()) {
    choice.look(simulation.live(life()), life);
    if (++done % 5000 === 0) note(done);
  }
  const tell = (life: () => Iterable<Reported>) => historyOf(programme, { from, to, answers: ASSUMED_ANSWERS }, life());
  const samples = choice.chosen().map(({ why, life }) => ({ why, events: tell(life) }));
  const { tally, hasAnswers } = simulation;
  return { folder, judgement, programme, tally, lineMonths: simulation.lineMonths(), hasAnswers, samples };
}

const KINDS = ['ふつうのお客様', '待ってから届いたお客様', '途中で離脱したお客様', 'いちばん多く届いたお客様'] as const;
type Kind = (typeof KINDS)[number];

/** Chooses whose history is worth a look: an ordinary one, one that waited, one that left, the busiest. */
class Choice {
  readonly #found = new Map<Kind, { life: () => Iterable<Reported>; rank: number }>();

  look({ messages, held, exited }: Life, life: () => Iterable<Reported>): void {
    const short = messages > 6 ? 0 : messages;
    if (held === 0 && exited === 0) this.#offer('ふつうのお客様', life, short);
    if (held > 0) this.#offer('待ってから届いたお客様', life, short);
    if (exited > 0) this.#offer('途中で離脱したお客様', life, short + 1);
    this.#offer('いちばん多く届いたお客様', life, messages);
  }

  chosen(): { why: string; life: () => Iterable<Reported> }[] {
    return KINDS.flatMap((why) => {
      const found = this.#found.get(why);
      return found ? [{ why, life: found.life }] : [];
    });
  }

  #offer(why: Kind, life: () => Iterable<Reported>, rank: number): void {
    if (rank > (this.#found.get(why)?.rank ?? 0)) this.#found.set(why, { life, rank });
  }
}
