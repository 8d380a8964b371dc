import { asCustomerId, asMessageId, type CustomerId, type MessageId } from '#core/ids.ts';
import { type LinkKey, readSigned, sign } from './links.ts';

/** What a survey's link says: whose it is, by which message, and which survey. */
export interface SurveyLink {
  customerId: CustomerId;
  messageId: MessageId;
  survey: string;
}

/** A token as an unsubscribe link has it, of another kind: one never passes as the other. */
export const signSurveyLink = (keys: LinkKey[], { customerId, messageId, survey }: SurveyLink): string =>
  sign(keys, ['survey', customerId, messageId, survey].join('.'));

/** The link a token holds; undefined when it was not signed by one of the keys. */
export function readSurveyLink(keys: LinkKey[], token: string): SurveyLink | undefined {
  const [kind, customerId, messageId, survey, ...more] = readSigned(keys, token)?.split('.') ?? [];
  if (kind !== 'survey' || !customerId || !messageId || !survey || more.length > 0) return undefined;
  return { customerId: asCustomerId(customerId), messageId: asMessageId(messageId), survey };
}
