import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request our code made to AWS. */
export interface Call {
  /** `PutItem`, `BatchGetItem`, `SendMessageBatch`... */
  action: string;
  /** Write request units, from item sizes (1 KB each, an index's write on top). */
  writeUnits: number;
  /** Read request units, strongly consistent, 4 KB each. */
  readUnits: number;
}

type Value = Record<string, unknown>;
type Item = Record<string, Value>;

/**
 * Stands between our code and an AWS endpoint, passes everything on and counts it. Capacity is worked out from the items, as
 * DynamoDB bills it: MiniStack's own figures for reads are constants.
 */
export class Meter {
  readonly calls: Call[] = [];
  readonly #alarms = new Map<string, string>();
  readonly #close: () => Promise<void>;
  readonly url: string;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  static async before(target: string): Promise<Meter> {
    const to = new URL(target);
    let meter: Meter;
    const server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        const { method, url: path, headers } = incoming;
        const passed = forward({ host: to.hostname, port: to.port, method, path, headers }, (answer) => {
          const answers: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => answers.push(chunk));
          answer.on('end', () => {
            const answered = Buffer.concat(answers);
            meter.#count(actionOf(incoming.method ?? '', path ?? '', headers), body, answered, answer.statusCode ?? 0);
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
            outgoing.end(answered);
          });
        });
        passed.on('error', () => outgoing.destroy());
        passed.end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    meter = new Meter(`http://127.0.0.1:${port}`, close);
    return meter;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Runs something and returns what it called. */
  async during(work: () => Promise<unknown>): Promise<Call[]> {
    const from = this.calls.length;
    await work();
    return this.calls.slice(from);
  }

  #count(action: string, body: Buffer, answer: Buffer, status: number): void {
    const call: Call = { action, writeUnits: 0, readUnits: 0 };
    this.calls.push(call);
    const input = jsonOf(body);
    const output = status < 400 ? jsonOf(answer) : {};
    switch (action) {
      case 'PutItem':
        call.writeUnits = unitsOf(input.Item as Item);
        break;
      case 'UpdateItem':
      case 'DeleteItem':
        call.writeUnits = 1;
        break;
      case 'BatchWriteItem':
        for (const requests of Object.values(
          (input.RequestItems ?? {}) as Record<string, { PutRequest?: { Item: Item } }[]>,
        )) {
          for (const { PutRequest } of requests) call.writeUnits += PutRequest ? unitsOf(PutRequest.Item) : 1;
        }
        break;
      case 'BatchExecuteStatement':
        for (const statement of (input.Statements ?? []) as Statement[])
          call.writeUnits += this.#unitsOfStatement(statement);
        break;
      case 'BatchGetItem':
        call.readUnits = readUnitsOf(input, output);
        break;
      default:
        break;
    }
  }

  /** An INSERT or UPDATE of ours sets the whole item: its names stand in the statement, its values in the parameters. */
  #unitsOfStatement({ Statement, Parameters = [] }: Statement): number {
    const names = [...Statement.matchAll(/SET "(\w+)"=\?|'(\w+)': \?|"(\w+)"=\?/g)].map(
      (m) => m[1] ?? m[2] ?? m[3] ?? '',
    );
    const item: Item = Object.fromEntries(
      names.slice(0, Parameters.length).map((name, place) => [name, Parameters[place]!]),
    );
    const id = String(item.customerId?.S);
    const before = this.#alarms.get(id);
    const after = item.alarmAt?.S as string | undefined;
    if (after === undefined) this.#alarms.delete(id);
    else this.#alarms.set(id, after);
    const index = before === after ? 0 : (before === undefined ? 0 : 1) + (after === undefined ? 0 : 1);
    return unitsOf(item) + index;
  }
}

interface Statement {
  Statement: string;
  Parameters?: Value[];
}

function actionOf(method: string, path: string, headers: Record<string, unknown>): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  if (path.startsWith('/schedules/')) return method === 'POST' ? 'CreateSchedule' : `${method} schedule`;
  if (path.startsWith('/v2/email/outbound-emails')) return 'SendEmail';
  return `${method} ${path.split('?')[0]}`;
}

function jsonOf(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const unitsOf = (item: Item): number => Math.max(1, Math.ceil(bytesOf(item) / 1024));

/** Bytes of an item as DynamoDB counts them: names and values; a number about half its digits. */
function bytesOf(item: Item): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + bytesOfValue(value);
  return bytes;
}

function bytesOfValue(value: Value): number {
  if (typeof value.S === 'string') return Buffer.byteLength(value.S);
  if (typeof value.B === 'string') return Buffer.from(value.B, 'base64').length;
  if (typeof value.N === 'string') return Math.ceil(value.N.length / 2) + 1;
  return 1;
}

function readUnitsOf(input: Record<string, unknown>, output: Record<string, unknown>): number {
  let units = 0;
  for (const [table, { Keys }] of Object.entries((input.RequestItems ?? {}) as Record<string, { Keys: unknown[] }>)) {
    const items = ((output.Responses ?? {}) as Record<string, Item[]>)[table] ?? [];
    for (const item of items) units += Math.ceil(bytesOf(item) / 4096);
    units += Keys.length - items.length;
  }
  return units;
}
