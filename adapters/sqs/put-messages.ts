import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { awsError, awsErrorCode } from '#core/aws-error.ts';
import { CrmError } from '#core/error.ts';

export interface Message {
  body: unknown;
  /** 0-900. @default 0 */
  delaySeconds?: number;
}

/** Limits of SendMessageBatch: ten messages, 1 MiB in all (some room left for what surrounds them). */
const MESSAGES = 10;
const BYTES = 1_000_000;
const MOST_ROUNDS = 5;

export const createSqsClient = (endpoint?: string): SQSClient =>
  new SQSClient({
    maxAttempts: 4,
    // The local endpoint names its queues by another host than it is reached by.
    useQueueUrlAsEndpoint: false,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  });

/** Puts messages in a queue, ten a call, all or an error; some may then be there already. Errors: throttled | unavailable | timeout | misconfigured. */
export async function putMessages(client: SQSClient, queueUrl: string, messages: Message[]): Promise<void> {
  for (const batch of batchesOf(messages)) {
    let rest = batch;
    for (let round = 1; rest.length > 0; round++) rest = await leftOver(client, queueUrl, rest, round);
  }
}

async function leftOver(
  client: SQSClient,
  queueUrl: string,
  entries: SendMessageBatchRequestEntry[],
  round: number,
): Promise<SendMessageBatchRequestEntry[]> {
  const answer = await client
    .send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }))
    .catch((error: unknown) => {
      throw awsError(error, 'putting messages in a queue');
    });
  const failed = answer.Failed ?? [];
  const fault = failed.find((one) => one.SenderFault);
  if (fault) throw new CrmError('misconfigured', `a queue refused a message: ${fault.Code}`);
  if (failed.length === 0) return [];
  if (round >= MOST_ROUNDS) throw new CrmError(awsErrorCode(failed[0]?.Code ?? ''), 'a queue left messages undone');
  await sleep(Math.random() * 50 * 2 ** round);
  const again = new Set(failed.map((one) => one.Id));
  return entries.filter((entry) => again.has(entry.Id));
}

function batchesOf(messages: Message[]): SendMessageBatchRequestEntry[][] {
  const batches: SendMessageBatchRequestEntry[][] = [];
  let bytes = 0;
  for (const { body, delaySeconds } of messages) {
    const text = JSON.stringify(body);
    const size = Buffer.byteLength(text);
    let batch = batches.at(-1);
    if (batch === undefined || batch.length === MESSAGES || bytes + size > BYTES) {
      batch = [];
      bytes = 0;
      batches.push(batch);
    }
    bytes += size;
    const delay = delaySeconds ? { DelaySeconds: delaySeconds } : {};
    batch.push({ Id: String(batch.length), MessageBody: text, ...delay });
  }
  return batches;
}
