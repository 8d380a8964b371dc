import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CrmError } from '#core/error.ts';

/** One request, read to its end. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
  /** Absent when it was over the server's limit. */
  body?: Buffer;
}

export interface WebServer {
  /** `http://127.0.0.1:8402`, no slash at the end. */
  url: string;
  port: number;
  close(): Promise<void>;
}

export interface WebServerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Largest body, in bytes. */
  limitBytes: number;
  handle(call: Call): Promise<void>;
  /** Told of a bug in a handler; the caller gets a 500. */
  onError(error: unknown): void;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** A small HTTP server for the tools of a local stage. Throws conflict when the port is taken. */
export async function listen(options: WebServerOptions): Promise<WebServer> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      options.onError(error);
      if (response.headersSent) response.destroy();
      else answerJson(response, 500, { message: 'Internal Server Error' });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const text = cause.code === 'EADDRINUSE' ? 'is taken by another program' : 'cannot be listened on';
      reject(new CrmError('conflict', `Port ${options.port} of ${options.host} ${text}.`, { cause }));
    });
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: WebServerOptions): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://local');
  const body = await bodyOf(request, options.limitBytes);
  if (response.destroyed) return;
  await options.handle({
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    request,
    response,
    ...(body === undefined ? {} : { body }),
  });
}

async function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= limit) parts.push(part);
  }
  return size > limit ? undefined : Buffer.concat(parts);
}

/** The body as JSON; undefined when it is none. */
export function jsonOf(call: Call): unknown {
  try {
    return call.body === undefined ? undefined : JSON.parse(call.body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(text);
}

export function answerText(response: ServerResponse, status: number, type: string, text: string | Buffer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
}

/** Answers with a file of a folder; false when the name is none of the given ones. */
export async function answerFile(call: Call, folder: string, names: readonly string[]): Promise<boolean> {
  const name = call.path.slice(1) || 'index.html';
  if (call.method !== 'GET' || !names.includes(name)) return false;
  answerText(call.response, 200, TYPES[extname(name)] ?? 'text/plain', await readFile(join(folder, name)));
  return true;
}

/** What all pages of the local tools share. */
export const SHARED_PAGE = join(import.meta.dirname, 'page');
export const SHARED_FILES = ['base.css', 'element.js'];
const FONT = dirname(fileURLToPath(import.meta.resolve('@fontsource-variable/noto-sans-jp/package.json')));

/** Serves Noto Sans JP under `/font/`, so that Japanese is drawn on a machine without fonts; false for other paths. */
export async function answerFont(call: Call): Promise<boolean> {
  const name = /^\/font\/(wght\.css|files\/[\w-]+\.woff2)$/.exec(call.path)?.[1];
  if (call.method !== 'GET' || name === undefined) return false;
  const file = await readFile(join(FONT, name));
  call.response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'text/plain',
    'cache-control': 'public, max-age=86400',
    // A mail is shown in a frame without an origin.
    'access-control-allow-origin': '*',
  });
  call.response.end(file);
  return true;
}

/** Serves the pictures of the morning's products under `/pictures/`; false for other paths. */
export async function answerPicture(call: Call): Promise<boolean> {
  const name = /^\/pictures\/((?:lotion|soap|oil)\.svg)$/.exec(call.path)?.[1];
  if (call.method !== 'GET' || name === undefined) return false;
  answerText(call.response, 200, TYPES['.svg'] ?? '', await readFile(join(SHARED_PAGE, 'pictures', name)));
  return true;
}

/** Pages that are told when something changed (server-sent events). */
export class Listeners {
  readonly #open = new Set<ServerResponse>();

  add({ response }: Call): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 1000\n\n');
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
  }

  tell(what: object): void {
    for (const response of this.#open) response.write(`data: ${JSON.stringify(what)}\n\n`);
  }
}
