import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { awsError } from '#core/aws-error.ts';
import { CrmError } from '#core/error.ts';
import type { PublishedStore, Versioned } from '#core/ports/publication.ts';
import type { Manifest } from '#core/programme.ts';
import { deflated, inflated } from './body.ts';
import { getItems, type Item, reach } from './calls.ts';

/** DynamoDB takes 400 KB an item, names and keys included. */
const MOST_BYTES = 390_000;
const MANIFEST: Item = { pk: { S: 'published#manifest' }, sk: { S: '-' } };

/** What is published, as the publisher writes it to the catalog: versions once and for all, one manifest by its number. */
export function createPublishedStore(client: DynamoDBClient, table: string): PublishedStore {
  async function newest<F extends keyof Versioned>(family: F, id: string): Promise<Versioned[F] | undefined> {
    const answer = await reach('looking for the newest version', () =>
      client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: `published#${family}#${id}` } },
          ScanIndexForward: false,
          Limit: 1,
          ConsistentRead: true,
        }),
      ),
    );
    const body = answer.Items?.[0]?.body?.B;
    return body === undefined ? undefined : (inflated(body) as Versioned[F]);
  }

  /** Puts by a condition; false when it does not hold. */
  async function put(item: Item, condition: string, values?: Item): Promise<boolean> {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: item,
          ConditionExpression: condition,
          ...(values ? { ExpressionAttributeNames: { '#n': 'number' }, ExpressionAttributeValues: values } : {}),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw awsError(error, 'publishing');
    }
  }

  return {
    async manifest() {
      const [item] = await getItems(client, table, [MANIFEST], { consistent: true });
      return item?.body?.B === undefined ? undefined : (inflated(item.body.B) as Manifest);
    },
    async read<F extends keyof Versioned>(family: F, wishes: { id: string; version: number }[]) {
      const keys = wishes.map((wish) => keyOf(family, wish.id, wish.version));
      const items = await getItems(client, table, keys, { consistent: true });
      return items.flatMap((item) => (item.body?.B === undefined ? [] : [inflated(item.body.B) as Versioned[F]]));
    },
    newest,
    async write(family, content) {
      const body = deflated(content);
      if (body.length > MOST_BYTES) {
        throw new CrmError(
          'too-large',
          `${family} ${content.id} is ${body.length} bytes compressed, at most ${MOST_BYTES}`,
        );
      }
      await put({ ...keyOf(family, content.id, content.version), body: { B: body } }, 'attribute_not_exists(pk)');
    },
    async swap(manifest, expected) {
      const item: Item = { ...MANIFEST, number: { N: String(manifest.number) }, body: { B: deflated(manifest) } };
      return expected === 0
        ? put(item, 'attribute_not_exists(pk)')
        : put(item, '#n = :expected', { ':expected': { N: String(expected) } });
    },
  };
}

const keyOf = (family: string, id: string, version: number): Item => ({
  pk: { S: `published#${family}#${id}` },
  sk: { S: String(version).padStart(8, '0') },
});
