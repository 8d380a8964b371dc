import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { CrmError, type ErrorCode } from '#core/error.ts';
import { log } from './log.ts';

export interface HttpRequest {
  method: string;
  path: string;
  pathParameters: Record<string, string>;
  query: Record<string, string>;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** As it was signed. */
  rawBody: Buffer;
}

export interface HttpAnswer {
  status: number;
  /** Text goes out as it is, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

const STATUS: Record<ErrorCode, number> = {
  'bad-input': 400,
  unauthorised: 401,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  refused: 422,
  throttled: 429,
  misconfigured: 500,
  unavailable: 503,
  timeout: 504,
};

/**
 * The HTTP API's edge (payload 2.0): a body over `maxBytes` is 413, a CrmError its status with `{ error: { code, message, details } }`,
 * a bug 500 without its text.
 */
export function httpEdge(handler: (request: HttpRequest) => Promise<HttpAnswer>, options: { maxBytes: number }) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .onError((request) => {
      request.response = rendered(answerTo(request.error));
    })
    .handler(async (event: APIGatewayProxyEventV2) => rendered(await handler(requestOf(event, options.maxBytes))));
}

function requestOf(event: APIGatewayProxyEventV2, maxBytes: number): HttpRequest {
  const rawBody = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (rawBody.length > maxBytes) {
    throw new CrmError('too-large', `the body must have at most ${maxBytes} bytes`, { details: { maxBytes } });
  }
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    pathParameters: told(event.pathParameters),
    query: told(event.queryStringParameters),
    headers: Object.fromEntries(
      Object.entries(told(event.headers)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    rawBody,
  };
}

function told(values: Record<string, string | undefined> | undefined): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(values ?? {})) if (value !== undefined) kept[name] = value;
  return kept;
}

function answerTo(error: unknown): HttpAnswer {
  if (!(error instanceof CrmError) || error.code === 'misconfigured') {
    log.error('http-bug', error);
    return { status: 500, body: { error: { code: 'internal', message: 'Something went wrong here.', details: {} } } };
  }
  if (STATUS[error.code] >= 500) log.error('http-trouble', error);
  const { code, message, details } = error;
  return { status: STATUS[code], body: { error: { code, message, details } } };
}

function rendered({ status, body, headers = {} }: HttpAnswer): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode: status, headers };
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  return {
    statusCode: status,
    headers: { 'content-type': type, ...headers },
    body: isText ? body : JSON.stringify(body),
  };
}
