import * as z from 'zod';
import { CrmError } from '#core/error.ts';
import type { Stage } from './stage.ts';

export interface MessageCounts {
  mails: number;
  lineMessages: number;
  /** Messages that reached a provider more than once. */
  duplicates: number;
}

const deliveries = z.array(
  z.object({ retryKey: z.string().optional(), call: z.string(), sentIds: z.array(z.string()) }),
);
const mails = z.array(z.object({ messageId: z.string().optional() }));

/** What the providers took, by their own books: the LINE sandbox's and the mail front's. */
export async function countMessages(stage: Stage): Promise<MessageCounts> {
  const pushed = deliveries.parse(await read(`${stage.lineUrl}/sandbox/messages`));
  const mailed = mails.parse(await read(`${stage.mailUrl}/front/messages`));
  const keys = [...pushed.map(({ retryKey }) => retryKey), ...mailed.map(({ messageId }) => messageId)];
  return {
    mails: mailed.length,
    lineMessages: pushed.length,
    duplicates: keys.length - new Set(keys).size,
  };
}

async function read(url: string): Promise<unknown> {
  const answer = await fetch(url);
  if (!answer.ok) throw new CrmError('unavailable', `${url} answered ${answer.status}.`);
  return answer.json();
}
