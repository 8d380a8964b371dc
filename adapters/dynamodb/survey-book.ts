import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Instant } from '#core/ids.ts';
import type { SurveyBook } from '#core/ports/survey-book.ts';
import { type Item, reach } from './calls.ts';
import { expiryAfter } from './expiry.ts';

const KEPT_DAYS = 800;
const QUESTION = 'q:';
/** When a question was answered: of two answers the later one stands, whichever comes first. */
const ANSWERED = 't:';

/** A row a letter in the catalog table, `survey#ID`: when it was sent, and what was answered, by question. */
export function createSurveyBook(client: DynamoDBClient, table: string): SurveyBook {
  const update = async (survey: string, by: string, values: Item, at: Instant, unlessAfter?: string): Promise<void> => {
    const names = Object.keys(values);
    const input: UpdateItemCommandInput = {
      TableName: table,
      Key: { pk: { S: `survey#${survey}` }, sk: { S: by } },
      UpdateExpression: `SET expiresAt = :e, ${names.map((_, i) => `#n${i} = :v${i}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#n${i}`, name])),
      ExpressionAttributeValues: {
        ':e': expiryAfter(at, KEPT_DAYS),
        ...Object.fromEntries(Object.values(values).map((value, i) => [`:v${i}`, value])),
      },
    };
    if (unlessAfter !== undefined) {
      const own = `#n${names.indexOf(unlessAfter)}`;
      input.ConditionExpression = `attribute_not_exists(${own}) OR ${own} <= :v${names.indexOf(unlessAfter)}`;
    }
    await reach('noting a survey', async () => {
      try {
        await client.send(new UpdateItemCommand(input));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  };
  return {
    noteSent: (survey, messageId, at) => update(survey, messageId, { sentAt: { S: at } }, at),

    async noteAnswers(answers) {
      for (const { survey, by, question, value, at } of answers) {
        const told = typeof value === 'number' ? { N: String(value) } : { S: value };
        const answeredAt = `${ANSWERED}${question}`;
        await update(survey, by, { [`${QUESTION}${question}`]: told, [answeredAt]: { S: at } }, at, answeredAt);
      }
    },

    async page(survey, next) {
      const pk = { S: `survey#${survey}` };
      const input = {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ...(next === undefined ? {} : { ExclusiveStartKey: { pk, sk: { S: next } } }),
      };
      const answer = await reach('counting answers', () => client.send(new QueryCommand(input)));
      const rows = (answer.Items ?? []).map((item) => {
        const answers: Record<string, string | number> = {};
        for (const [name, value] of Object.entries(item)) {
          if (!name.startsWith(QUESTION)) continue;
          answers[name.slice(QUESTION.length)] = value.N === undefined ? (value.S ?? '') : Number(value.N);
        }
        return { ...(item.sentAt?.S === undefined ? {} : { sentAt: item.sentAt.S }), answers };
      });
      const last = answer.LastEvaluatedKey?.sk?.S;
      return last === undefined ? { rows } : { rows, next: last };
    },
  };
}
