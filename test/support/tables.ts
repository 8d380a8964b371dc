import { CreateTableCommand, type CreateTableCommandInput, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The keys of our tables, as lib's data stack has them; what a test of an adapter needs of them. */
const KEYS = {
  events: ['customerId', 'eventId'],
  customers: ['customerId'],
  sends: ['messageId'],
  catalog: ['pk', 'sk'],
} as const;

export type TableName = keyof typeof KEYS;

/** Makes a table with the keys, index and stream of one of ours. */
export async function createTable(client: DynamoDBClient, kind: TableName, name: string): Promise<void> {
  const names: string[] = [...KEYS[kind]];
  const index = kind === 'customers' ? ['alarmShard', 'alarmAt'] : [];
  const input: CreateTableCommandInput = {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...names, ...index].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: schemaOf(names),
    ...(index.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: [
            { IndexName: 'byAlarm', KeySchema: schemaOf(index), Projection: { ProjectionType: 'KEYS_ONLY' } },
          ],
        }),
    ...(kind === 'events' ? { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } } : {}),
  };
  await client.send(new CreateTableCommand(input));
}

const schemaOf = (names: string[]): CreateTableCommandInput['KeySchema'] =>
  names.map((AttributeName, place) => ({ AttributeName, KeyType: place === 0 ? 'HASH' : 'RANGE' }));
