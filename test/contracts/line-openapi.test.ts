import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkLineMessages } from '#core/message/line-rules.ts';
import {
  expectLineConform,
  hasLineOpenApi,
  lineAnswerFaults,
  lineFaults,
  lineOpenApiNote,
} from '../support/line-openapi.ts';
import { lineSamples } from '../support/line-samples.ts';
import { aLineStage, type LineStage } from '../support/line-stage.ts';

const suite = hasLineOpenApi ? describe : describe.skip;
const aText = { type: 'text', text: 'こんにちは' };

suite(`our rules against LINE's OpenAPI${lineOpenApiNote}`, () => {
  test.each(Object.entries(lineSamples))('what our rules let pass, LINE describes: %s', (_name, message) => {
    expect(checkLineMessages([message])).toEqual([]);
    expectLineConform([message]);
  });
  test('a field taken away or misspelt anywhere is found by our rules whenever the OpenAPI finds it', () => {
    let compared = 0;
    const missed: string[] = [];
    for (const [name, message] of Object.entries(lineSamples)) {
      for (const broken of variantsOf(message)) {
        if (lineFaults('messaging-api', 'Message', broken.message).length === 0) continue;
        compared += 1;
        const isKept = checkLineMessages([broken.message]).length === 0;
        if (isKept && !isLenient(broken.where)) missed.push(`${name}: ${broken.where}`);
      }
    }
    expect(missed).toEqual([]);
    expect(compared).toBeGreaterThan(150);
  });
});

/** Outside flex LINE ignores a field it doesn't know, so our rules do as well. */
const isLenient = (where: string): boolean => where.startsWith('added ') && !where.includes('/contents');

const wrongFor = (value: unknown): unknown => (['number', 'boolean'].includes(typeof value) ? 'wrong' : 12.5);

/** The message with each field missing, of a wrong type, or joined by a misspelt one, in turn. */
function variantsOf(message: unknown): { where: string; message: unknown }[] {
  const found: { where: string; message: unknown }[] = [];
  const walk = (path: (string | number)[]): void => {
    const here = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], message);
    if (typeof here !== 'object' || here === null) return;
    const change = (what: string, edit: (copy: Record<string, unknown>) => void) => {
      const copy = structuredClone(message);
      edit(
        path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], copy) as Record<string, unknown>,
      );
      found.push({ where: `${what} ${path.map((key) => `/${key}`).join('')}`, message: copy });
    };
    if (!Array.isArray(here)) change('added', (copy) => Object.assign(copy, { colour: '#000000' }));
    for (const key of Object.keys(here)) {
      const name = Array.isArray(here) ? Number(key) : key;
      if (!Array.isArray(here)) {
        change(`removed ${key} of`, (copy) => delete copy[key]);
        change(`mistyped ${key} of`, (copy) => Object.assign(copy, { [key]: wrongFor(copy[key]) }));
      }
      walk([...path, name]);
    }
  };
  walk([]);
  return found;
}

suite(`the sandbox against LINE's OpenAPI${lineOpenApiNote}`, () => {
  let stage: LineStage;
  let hanako: string;
  beforeAll(async () => {
    stage = await aLineStage();
    hanako = await stage.person('山田 花子');
  });
  afterAll(() => stage.close());

  test('every answer has the form that LINE describes', async () => {
    const key = { 'x-line-retry-key': randomUUID() };
    const push = '/v2/bot/message/push';
    const calls: [string, string, number, unknown?, Record<string, string>?, string?][] = [
      ['POST', push, 200, { to: hanako, messages: [aText] }, key],
      ['POST', push, 409, { to: hanako, messages: [aText] }, key],
      ['POST', push, 400, { to: hanako, messages: [] }],
      [
        'POST',
        push,
        400,
        { to: hanako, messages: [{ type: 'flex', altText: 'a', contents: { type: 'bubble', x: 1 } }] },
      ],
      ['POST', push, 401, { to: hanako, messages: [aText] }, { authorization: 'none' }],
      ['POST', '/v2/bot/message/multicast', 200, { to: [hanako], messages: [aText] }],
      ['POST', '/v2/bot/message/validate/push', 200, { messages: [aText] }],
      ['POST', '/v2/bot/message/validate/push', 400, { messages: [{}] }],
      ['GET', '/v2/bot/message/quota', 200],
      ['GET', '/v2/bot/message/quota/consumption', 200],
      ['GET', '/v2/bot/info', 200],
      ['GET', `/v2/bot/profile/${hanako}`, 200, undefined, {}, '/v2/bot/profile/{userId}'],
      ['GET', '/v2/bot/profile/U0', 404, undefined, {}, '/v2/bot/profile/{userId}'],
    ];
    for (const [method, path, status, body, headers, template] of calls) {
      const answer = await stage.call(method, path, body, headers);
      expect({ path, status: answer.status }).toEqual({ path, status });
      expect({ path, faults: lineAnswerFaults(method, template ?? path, status, answer.body) }).toEqual({
        path,
        faults: [],
      });
    }
  });

  test('every webhook has the form that LINE describes', async () => {
    const acts: [string, object?][] = [
      ['text', { text: 'こんにちは' }],
      ['sticker', { packageId: '446', stickerId: '1988' }],
      ['postback', { data: 'a=1', params: { date: '2026-12-01' } }],
      ['block'],
      ['unblock'],
    ];
    for (const [verb, body] of acts) await stage.control('POST', `people/${hanako}/${verb}`, body);
    await stage.control('POST', 'webhooks/verify');
    expect(stage.hooks.length).toBeGreaterThan(6);
    for (const { body } of stage.hooks) expect(lineFaults('webhook', 'CallbackRequest', JSON.parse(body))).toEqual([]);
  });
});
