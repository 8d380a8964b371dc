import { parseArgs } from 'node:util';
import { createCustomerWalk } from '#adapters/dynamodb/customer-walk.ts';
import { createPublishedStore } from '#adapters/dynamodb/publisher.ts';
import { type CustomerState, isTombstone } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { Instant, LocalDate } from '#core/ids.ts';
import type { CustomerWalk } from '#core/ports/walk.ts';
import { editionAt, type ZoneTable } from '#core/programme.ts';
import { localDate, localTime } from '#core/time/zone.ts';
import { localNow } from '#tools/local/local-clock.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { progressOn } from '#tools/local/progress.ts';
import { openStage } from '#tools/local/stage.ts';

/** `members SEGMENT`: how many are in a segment of the local stage, and the latest of them. Errors: not-found, bad-input. */
export async function members(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: 'string', default: String(DEFAULT_PORT) },
      list: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
    },
  });
  const [segment] = positionals;
  const most = Number(values.list);
  if (segment === undefined || positionals.length > 1 || !Number.isInteger(most) || most < 0)
    throw new CrmError('bad-input', 'Usage: npm run scenario -- members SEGMENT [--list 20] [--port 8400] [--json]');
  const stage = await openStage(Number(values.port));
  const manifest = await createPublishedStore(stage.clients.dynamodb, stage.name('CATALOG_TABLE')).manifest();
  const published = Object.keys((manifest && editionAt(manifest, await localNow(stage))?.segments) ?? {});
  if (!manifest || !published.includes(segment))
    throw new CrmError(
      'not-found',
      `セグメント「${segment}」は公開されていません。今あるのは: ${published.join('、') || 'なし'}`,
    );
  const progress = progressOn(process.stderr);
  const found = await membersOf(
    createCustomerWalk(stage.clients.dynamodb, stage.name('CUSTOMERS_TABLE')),
    segment,
    most,
    (seen) => progress.passing(`  … ${seen}人を確かめました`),
  );
  progress.say(`  ✓ ${found.customers}人を確かめました`);
  console.log(`セグメント「${segment}」: ${found.count}人(お客様 ${found.customers}人のうち)`);
  for (const one of found.latest) console.log(`  ${one.customerId}  ${say(manifest.zone, one.since)} から`);
  if (values.json) console.log(JSON.stringify({ segment, ...found }));
}

interface Members {
  /** Persons there are; browsers and carts are none. */
  customers: number;
  count: number;
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
  const found: Members = { customers: 0, count: 0, latest: [] };
  let next: string | undefined;
  do {
    const page = await walk.page(next);
    const persons = page.holders.filter(
      (holder): holder is CustomerState => !isTombstone(holder) && holder.kind === 'customer',
    );
    found.customers += persons.length;
    for (const { customerId, segments } of persons) {
      const since = segments[segment];
      if (since === undefined) continue;
      found.count++;
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

const say = (zone: ZoneTable, at: Instant): `${LocalDate} ${string}` => `${localDate(zone, at)} ${localTime(zone, at)}`;
