import type { CustomerState } from '../customer/state.ts';
import type { Channel } from '../event/event.ts';
import type { Instant, MessageId } from '../ids.ts';
import type { Outcome } from './pending.ts';

type Outcomes = CustomerState['outcomes'];

/** What is asked of a state's outcomes again and again, kept beside them: an object must be walked through to tell. */
export interface OutcomeBook {
  /** All of them, as they came. */
  times: { id: MessageId; at: Instant }[];
  /** None is older. */
  oldest: Instant | undefined;
  /** Marketing that was sent or may have been. */
  sent: { at: Instant; channel: Channel | undefined }[];
}

const books = new WeakMap<Outcomes, OutcomeBook>();

/** The book of a state's outcomes; written anew where there is none. */
export function bookOf(outcomes: Outcomes): OutcomeBook {
  let book = books.get(outcomes);
  if (!book) {
    book = { times: [], oldest: undefined, sent: [] };
    for (const id of Object.keys(outcomes) as MessageId[]) enter(book, id, outcomes[id]!);
    books.set(outcomes, book);
  }
  return book;
}

/** Puts an outcome among the others. One that stood there may have counted otherwise. */
export function putOutcome(outcomes: Outcomes, id: MessageId, outcome: Outcome): void {
  const isNew = outcomes[id] === undefined;
  const book = isNew ? books.get(outcomes) : undefined;
  outcomes[id] = outcome;
  if (book) enter(book, id, outcome);
  else books.delete(outcomes);
}

/** Takes out what is older than that. */
export function dropOutcomesBefore(outcomes: Outcomes, limit: string): void {
  const book = bookOf(outcomes);
  if (book.oldest === undefined || book.oldest >= limit) return;
  for (const { id, at } of book.times) if (at < limit) delete outcomes[id];
  book.times = book.times.filter(({ at }) => at >= limit);
  book.sent = book.sent.filter(({ at }) => at >= limit);
  book.oldest = book.times.reduce<Instant | undefined>(
    (oldest, { at }) => (oldest === undefined || at < oldest ? at : oldest),
    undefined,
  );
}

/** After any other change of a state's outcomes. */
export function forgetBook(outcomes: Outcomes): void {
  books.delete(outcomes);
}

function enter(book: OutcomeBook, id: MessageId, { type, kind, at, channel }: Outcome): void {
  book.times.push({ id, at });
  if (book.oldest === undefined || at < book.oldest) book.oldest = at;
  if ((type === 'sent' || type === 'unknown') && kind === 'marketing') book.sent.push({ at, channel });
}
