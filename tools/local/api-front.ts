import { createServer, request } from 'node:http';
import { CrmError } from '#core/error.ts';

export interface ApiFront {
  url: string;
  close(): Promise<void>;
}

/**
 * Gives the deployed HTTP API an address of its own on 127.0.0.1, as API Gateway has one: bytes, headers and status pass as they are.
 * Answers 502 when the endpoint behind does not answer.
 */
export async function startApiFront(options: { port: number; endpoint: string; apiId: string }): Promise<ApiFront> {
  const behind = new URL(options.endpoint);
  const server = createServer((incoming, outgoing) => {
    const fail = () => {
      if (!outgoing.headersSent) outgoing.writeHead(502, { 'content-type': 'application/json' });
      outgoing.end('{"message":"Bad Gateway"}');
    };
    const passed = request(
      {
        host: behind.hostname,
        port: behind.port,
        method: incoming.method,
        path: `/_aws/execute-api/${options.apiId}/$default${incoming.url}`,
        headers: { ...incoming.headers, host: behind.host },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on('error', fail);
    incoming.on('error', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new CrmError('conflict', `Port ${options.port} can't be listened on.`, { cause })),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${options.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
