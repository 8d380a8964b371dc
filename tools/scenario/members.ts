import { parseArgs } from 'node:util';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCustomerWalk } from '#adapters/dynamodb/customer-walk.ts';
import { createPublishedStore } from '#adapters/dynamodb/publisher.ts';
import { type CustomerState, isTombstone } from '#core/customer/state.ts';
import { isConsented, mayReach } from '#core/customer/view.ts';
import { CrmError } from '#core/error.ts';
import { type Instant, instantOf, type LocalDate } from '#core/ids.ts';
import type { PublishedStore } from '#core/ports/publication.ts';
import type { CustomerWalk } from '#core/ports/walk.ts';
import { editionAt, type Manifest, type ZoneTable } from '#core/programme.ts';
import { segmentEntered } from '#core/scenario/segment-entered.ts';
import { lineCost } from '#core/simulation/line-plans.ts';
import { localDate, localTime } from '#core/time/zone.ts';
import { localNow } from '#tools/local/local-clock.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { progressOn } from '#tools/local/progress.ts';
import { openStage } from '#tools/local/stage.ts';

/** `members SEGMENT`: how many are in a segment of the local stage, or of a stage on AWS, and the latest of them. Errors: not-found, bad-input. */
export async function members(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: 'string', default: String(DEFAULT_PORT) },
      table: { type: 'string' },
      customers: { type: 'string' },
      list: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
    },
  });
  const [segment] = positionals;
  const most = Number(values.list);
  if (segment === undefined || positionals.length > 1 || !Number.isInteger(most) || most < 0)
    throw new CrmError('bad-input', USAGE);
  const { store, walk, now } = await stageOf(values.table, values.customers, Number(values.port));
  const manifest = await store.manifest();
  const published = Object.keys((manifest && editionAt(manifest, now)?.segments) ?? {});
  if (!manifest || !published.includes(segment))
    throw new CrmError(
      'not-found',
      `セグメント「${segment}」は公開されていません。今あるのは: ${published.join('、') || 'なし'}`,
    );
  const progress = progressOn(process.stderr);
  const found = await membersOf(walk, segment, most, (seen) => progress.passing(`  … ${seen}人を確かめました`));
  progress.say(`  ✓ ${found.customers}人を確かめました`);
  console.log(`セグメント「${segment}」: ${found.count}人(お客様 ${found.customers}人のうち)`);
  for (const one of found.latest) console.log(`  ${one.customerId}  ${say(manifest.zone, one.since)} から`);
  for (const line of forecastOf(found, await startsOf(store, manifest, segment))) console.log(line);
  if (values.json) console.log(JSON.stringify({ segment, ...found }));
}

const USAGE =
  'Usage: npm run scenario -- members SEGMENT [--list 20] [--port 8400 | --table CATALOG --customers CUSTOMERS] [--json]';

/** What is published, and who there is: on the local stage, or in two tables on AWS. */
async function stageOf(
  table: string | undefined,
  customers: string | undefined,
  port: number,
): Promise<{ store: PublishedStore; walk: CustomerWalk; now: Instant }> {
  if ((table === undefined) !== (customers === undefined))
    throw new CrmError(
      'bad-input',
      `AWS では、--table(カタログ)と --customers(お客様)の両方のテーブルの名前が必要です。${USAGE}`,
    );
  if (table !== undefined && customers !== undefined) {
    const client = createDynamoClient();
    return {
      store: createPublishedStore(client, table),
      walk: createCustomerWalk(client, customers),
      now: instantOf(Date.now()),
    };
  }
  const stage = await openStage(port);
  const { dynamodb } = stage.clients;
  return {
    store: createPublishedStore(dynamodb, stage.name('CATALOG_TABLE')),
    walk: createCustomerWalk(dynamodb, stage.name('CUSTOMERS_TABLE')),
    now: await localNow(stage),
  };
}

interface Members {
  /** Persons there are; browsers and carts are none. */
  customers: number;
  count: number;
  /** Of these, who may be written to: a LINE friend, a mail address with a yes. */
  byLine: number;
  byEmail: number;
  /** Who entered last, first. */
  latest: { customerId: string; since: Instant }[];
}

/** Counts by a walk over all states: they are the truth, there is no list beside them. */
export async function membersOf(
  walk: CustomerWalk,
  segment: string,
  most: number,
  note: (seen: number) => void = () => undefined,
): Promise<Members> {
  const found: Members = { customers: 0, count: 0, byLine: 0, byEmail: 0, latest: [] };
  let next: string | undefined;
  do {
    const page = await walk.page(next);
    const persons = page.holders.filter(
      (holder): holder is CustomerState => !isTombstone(holder) && holder.kind === 'customer',
    );
    found.customers += persons.length;
    for (const state of persons) {
      const { customerId } = state;
      const since = state.segments[segment];
      if (since === undefined) continue;
      found.count++;
      if (isConsented(state, 'line')) found.byLine++;
      if (mayReach(state, 'email') && isConsented(state, 'email')) found.byEmail++;
      found.latest.push({ customerId, since });
    }
    found.latest.sort((a, b) =>
      a.since > b.since ? -1 : a.since < b.since ? 1 : a.customerId < b.customerId ? -1 : 1,
    );
    found.latest.length = Math.min(found.latest.length, most);
    next = page.next;
    note(found.customers);
  } while (next !== undefined);
  return found;
}

interface Start {
  id: string;
  perDay: number;
}

/** The scenarios that would begin with those who are in it already. */
async function startsOf(store: PublishedStore, manifest: Manifest, segment: string): Promise<Start[]> {
  const wishes = Object.entries(manifest.editions.at(-1)?.scenarios ?? {}).map(([id, version]) => ({ id, version }));
  const scenarios = wishes.length === 0 ? [] : await store.read('scenario', wishes);
  return scenarios.flatMap(({ id, start, trigger }) =>
    start?.existing && segmentEntered(trigger) === segment ? [{ id, perDay: start.existing.perDay }] : [],
  );
}

/** How many people, days, LINE messages and yen a start means, if everybody gets one message. */
export function forecastOf(
  { count, byLine, byEmail }: Pick<Members, 'count' | 'byLine' | 'byEmail'>,
  starts: Start[],
): string[] {
  return starts.map(({ id, perDay }) => {
    const days = Math.ceil(count / perDay);
    const { plan, yen, isUnsure } = lineCost(byLine);
    return `  シナリオ「${id}」の start: 多くて${count}人に、1日${perDay}人ずつ${days}日。1通ずつなら LINE ${byLine}通(ひと月に送ると${plan}プランで${isUnsure ? '多くて' : ''}約${yen}円)、メールを送れる人 ${byEmail}人`;
  });
}

const say = (zone: ZoneTable, at: Instant): `${LocalDate} ${string}` => `${localDate(zone, at)} ${localTime(zone, at)}`;
