import type { CustomerState, Outcome } from '../customer/state.ts';
import type { Channel } from '../event/event.ts';
import type { Instant } from '../ids.ts';

type Outcomes = CustomerState['outcomes'];

/** What is asked of a state's outcomes again and again, kept beside them: an object must be walked through to tell. */
export interface OutcomeBook {
  count: number;
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
    book = { count: 0, oldest: undefined, sent: [] };
    for (const id of Object.keys(outcomes)) enter(book, outcomes[id as keyof Outcomes]!);
    books.set(outcomes, book);
  }
  return book;
}

/** Puts an outcome among the others. One that stood there may have counted otherwise. */
export function putOutcome(outcomes: Outcomes, id: keyof Outcomes, outcome: Outcome): void {
  const isNew = outcomes[id] === undefined;
  const book = isNew ? books.get(outcomes) : undefined;
  outcomes[id] = outcome;
  if (book) enter(book, outcome);
  else books.delete(outcomes);
}

/** After any other change of a state's outcomes. */
export function forgetBook(outcomes: Outcomes): void {
  books.delete(outcomes);
}

function enter(book: OutcomeBook, { type, kind, at, channel }: Outcome): void {
  book.count++;
  if (book.oldest === undefined || at < book.oldest) book.oldest = at;
  if ((type === 'sent' || type === 'unknown') && kind === 'marketing') book.sent.push({ at, channel });
}
