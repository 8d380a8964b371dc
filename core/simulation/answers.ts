import type { Channel } from '../event/event.ts';
import type { MessageId } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';
import type { Programme } from '../programme.ts';
import { MINUTE } from '../time/duration.ts';

/** 想定: how many in a hundred open and click, by channel. Nobody measured it; a shop puts its own numbers in. */
export interface AnswerRates {
  opened: number;
  /** Of all that were sent. */
  clicked: number;
}
export type AnswerTable = Partial<Record<Channel, AnswerRates>>;

/** LINE tells nobody who opened or pressed what: a message there is never answered, as in production. */
export const ASSUMED_ANSWERS: AnswerTable = { email: { opened: 25, clicked: 3 } };

/** What people do with messages, so far as anything published asks for it: only then are answers made up. */
export interface Answering {
  table: AnswerTable;
  /** A third of all that happens in a year: told only where somebody listens. */
  tellsDelivery: boolean;
}

/** Undefined where nothing published asks what people did with a message. */
export function answeringOf(programme: Programme, table: AnswerTable | undefined): Answering | undefined {
  const asks = (pattern: RegExp) =>
    programme.manifest.editions.some((edition) =>
      Object.entries(edition.scenarios).some(([id, version]) =>
        pattern.test(JSON.stringify(programme.scenario(id, version) ?? {})),
      ),
    );
  const tellsDelivery = asks(/"message\.delivered"|"was":"delivered"/);
  if (!table || !(tellsDelivery || asks(/"message\.(opened|clicked)"|"was":"(opened|clicked)"/))) return undefined;
  return { table, tellsDelivery };
}

/** What a made-up customer does with a message, and how many milliseconds after it: the same for the same message. */
export function answersTo(
  messageId: MessageId,
  channel: Channel,
  { table, tellsDelivery }: Answering,
  hashes: Pick<Hashes, 'sha256'>,
): { type: 'message.delivered' | 'message.opened' | 'message.clicked'; after: number }[] {
  const rates = table[channel];
  if (!rates) return [];
  const hash = hashes.sha256(`answer#${messageId}`);
  const mark = (Number.parseInt(hash.slice(0, 8), 16) % 10_000) / 100;
  const minutes = 5 + (Number.parseInt(hash.slice(8, 16), 16) % (12 * 60));
  const answers: ReturnType<typeof answersTo> = [];
  if (tellsDelivery) answers.push({ type: 'message.delivered', after: MINUTE });
  const isClicked = mark < rates.clicked;
  if (isClicked || mark < rates.opened) answers.push({ type: 'message.opened', after: minutes * MINUTE });
  if (isClicked) answers.push({ type: 'message.clicked', after: (minutes + 1) * MINUTE });
  return answers;
}
