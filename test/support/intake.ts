import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { CrmError } from '#core/error.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { asInstant, type Instant, plus } from '#core/ids.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { IntakeQueue } from '#core/ports/outward.ts';
import { type HttpAnswer, type HttpRequest, httpEdge } from '#functions/_shared/http.ts';
import { testHashes } from './hashes.ts';

/** The world of a receiver: a mailbox and a queue that can be troubled, and a clock that stands still. */
export class IntakeWorld {
  readonly rows = new Map<string, CrmEvent>();
  readonly queued: CrmEvent[] = [];
  calls = 0;
  now: Instant = asInstant('2026-11-24T00:30:00.000Z');
  trouble: 'none' | 'mailbox' | 'both' | 'silence' = 'none';
  underWay = 0;
  mostUnderWay = 0;

  get events(): CrmEvent[] {
    return [...this.rows.values()];
  }

  readonly mailbox: Pick<Mailbox, 'put'> = {
    put: async (event) => {
      this.calls += 1;
      this.underWay += 1;
      this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
      await new Promise((resolve) => setImmediate(resolve));
      this.underWay -= 1;
      if (this.trouble === 'silence') return new Promise<never>(() => undefined);
      if (this.trouble !== 'none') throw new CrmError('throttled', 'the table is busy');
      const key = `${event.customerId} ${event.eventId}`;
      if (this.rows.has(key)) return 'duplicate';
      this.rows.set(key, event as CrmEvent);
      return 'new';
    },
  };

  readonly intakeQueue: IntakeQueue = {
    enqueue: async (events) => {
      if (this.trouble === 'both') throw new CrmError('unavailable', 'the queue is away');
      this.queued.push(...events);
    },
  };

  readonly clock = { now: async () => this.now };
  readonly hashes = async () => testHashes;

  turn(milliseconds: number): void {
    this.now = plus(this.now, milliseconds);
  }
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

type LambdaCall = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** A receiver as the HTTP API calls it: its handler in the edge, as index.ts puts them together. */
export class Endpoint {
  readonly #call: LambdaCall;
  /** Everything it wrote to its log. */
  log = '';

  constructor(handler: (request: HttpRequest) => Promise<HttpAnswer>, maxBytes: number) {
    this.#call = httpEdge(handler, { maxBytes }) as unknown as LambdaCall;
  }

  /** Posts as the HTTP API hands it over (payload 2.0); bytes arrive as base64. */
  async post(
    headers: Record<string, string>,
    body: string | Buffer,
    pathParameters: Record<string, string> = {},
  ): Promise<Answer> {
    const isBase64Encoded = Buffer.isBuffer(body);
    const event = {
      version: '2.0',
      rawPath: '/',
      headers,
      pathParameters,
      body: isBase64Encoded ? body.toString('base64') : body,
      isBase64Encoded,
      requestContext: { http: { method: 'POST', path: '/' } },
    } as unknown as APIGatewayProxyEventV2;
    let answer: APIGatewayProxyStructuredResultV2 = {};
    this.log += await logOf(async () => {
      answer = await this.#call(event, {} as Context);
    });
    return { status: answer.statusCode ?? 0, body: answer.body ? JSON.parse(answer.body) : {} };
  }
}

/** What is written to the log while something runs, kept out of the test's own output. */
export async function logOf(work: () => Promise<unknown>): Promise<string> {
  const written: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((text: string) => written.push(text) > 0) as typeof write;
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return written.join('');
}
