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

export const ASSUMED_ANSWERS: AnswerTable = {
  email: { opened: 25, clicked: 3 },
  line: { opened: 60, clicked: 8 },
};

/** Whether anything published asks what people did with a message: only then are answers made up. */
export function asksForAnswers(programme: Programme): boolean {
  return programme.manifest.editions.some((edition) =>
    Object.entries(edition.scenarios).some(([id, version]) =>
      /"message\.(opened|clicked|delivered)"|"was":"(opened|clicked|delivered)"/.test(
        JSON.stringify(programme.scenario(id, version) ?? {}),
      ),
    ),
  );
}

/** What a made-up customer does with a message, and how many milliseconds after it: the same for the same message. */
export function answersTo(
  messageId: MessageId,
  channel: Channel,
  table: AnswerTable,
  hashes: Pick<Hashes, 'sha256'>,
): { type: 'message.delivered' | 'message.opened' | 'message.clicked'; after: number }[] {
  const rates = table[channel];
  if (!rates) return [];
  const hash = hashes.sha256(`answer#${messageId}`);
  const mark = (Number.parseInt(hash.slice(0, 8), 16) % 10_000) / 100;
  const minutes = 5 + (Number.parseInt(hash.slice(8, 16), 16) % (12 * 60));
  const answers: ReturnType<typeof answersTo> = [{ type: 'message.delivered', after: MINUTE }];
  const isClicked = mark < rates.clicked;
  if (isClicked || mark < rates.opened) answers.push({ type: 'message.opened', after: minutes * MINUTE });
  if (isClicked) answers.push({ type: 'message.clicked', after: (minutes + 1) * MINUTE });
  return answers;
}
