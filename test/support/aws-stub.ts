import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface StubCall {
  /** `BatchGetItem`; for services that name their operation in the path, `POST /schedules/...`. */
  operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the SDK sends, looked into by tests.
  body: any;
}

export type StubAnswer = { status?: number; body: object } | 'silence';

/** An AWS endpoint that answers as it is told, and an SDK configuration that talks to it in single attempts. */
export async function anAwsStub(answer: (call: StubCall, count: number) => StubAnswer) {
  const calls: StubCall[] = [];
  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target'];
    const operation = typeof target === 'string' ? target.split('.').at(-1)! : `${request.method} ${request.url}`;
    const call = { operation, body: JSON.parse((await text(request)) || '{}') };
    calls.push(call);
    const said = answer(call, calls.length);
    if (said === 'silence') return;
    response.writeHead(said.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(said.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    config: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'ap-northeast-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An error as AWS's JSON services answer it. */
export const awsFault = (name: string, status = 400): StubAnswer => ({
  status,
  body: { __type: `com.amazonaws#${name}`, message: 'quotes hanako@example.com' },
});
