import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Telling } from '#core/catalog/telling.ts';
import type { NewsQueue, TellingQueue } from '#core/ports/catalog.ts';
import { putMessages } from './put-messages.ts';

/** The queue of news of products, as who finds them puts them. */
export const createNewsQueue = (client: SQSClient, url: string): NewsQueue => ({
  put: (news) =>
    putMessages(
      client,
      url,
      news.map((one) => ({ body: { news: one } satisfies Telling })),
    ),
});

/** The same queue, as who tells them goes on by it. */
export const createTellingQueue = (client: SQSClient, url: string): TellingQueue => ({
  put: (tellings, delaySeconds = 0) =>
    putMessages(
      client,
      url,
      tellings.map((body) => ({ body, delaySeconds })),
    ),
});
