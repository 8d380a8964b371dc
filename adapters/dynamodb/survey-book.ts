import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Instant } from '#core/ids.ts';
import type { SurveyBook } from '#core/ports/survey-book.ts';
import { type Item, reach } from './calls.ts';
import { expiryAfter } from './expiry.ts';

const KEPT_DAYS = 800;
const QUESTION = 'q:';

/** A row a letter in the catalog table, `survey#ID`: when it was sent, and what was answered, by question. */
export function createSurveyBook(client: DynamoDBClient, table: string): SurveyBook {
  const update = async (survey: string, by: string, name: string, value: Item[string], at: Instant): Promise<void> => {
    const input = {
      TableName: table,
      Key: { pk: { S: `survey#${survey}` }, sk: { S: by } },
      UpdateExpression: 'SET #n = :v, expiresAt = :e',
      ExpressionAttributeNames: { '#n': name },
      ExpressionAttributeValues: { ':v': value, ':e': expiryAfter(at, KEPT_DAYS) },
    };
    await reach('noting a survey', () => client.send(new UpdateItemCommand(input)));
  };
  return {
    noteSent: (survey, messageId, at) => update(survey, messageId, 'sentAt', { S: at }, at),

    async noteAnswers(answers) {
      for (const { survey, by, question, value, at } of answers) {
        const told = typeof value === 'number' ? { N: String(value) } : { S: value };
        await update(survey, by, `${QUESTION}${question}`, told, at);
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
