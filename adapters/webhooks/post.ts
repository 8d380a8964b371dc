import { type LookupAddress, lookup } from 'node:dns';
import { type ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Post, Posted, Webhooks } from '#core/ports/outside.ts';
import { isPublicAddress } from './addresses.ts';
import { signatureOf } from './signature.ts';

export interface WebhooksOptions {
  /** A local stage may call `http://127.0.0.1:PORT`. @default false */
  mayCallThisMachine?: boolean;
  /** From the first byte sent to the last one read. @default 8000 */
  timeoutMilliseconds?: number;
  /** How names become addresses. @default the system's */
  resolve?: typeof lookup;
}

/** Longer answers are read no further. */
const MOST_BYTES = 64_000;

/**
 * Signed POSTs to the shop's systems. The address is checked when it is connected to, so that a name can't mean another one in between; no
 * redirect is followed.
 */
export function createWebhooks(options: WebhooksOptions = {}): Webhooks {
  const { mayCallThisMachine = false, timeoutMilliseconds = 8000, resolve = lookup } = options;
  const publicLookup = lookupOf(resolve);
  return {
    async post({ url, secret, id, body, at }: Post): Promise<Posted> {
      const target = URL.canParse(url) ? new URL(url) : undefined;
      const isLocal = mayCallThisMachine && target?.protocol === 'http:' && target.hostname === '127.0.0.1';
      if (!target || !(isLocal || isAllowed(target))) return { kind: 'forbidden' };
      const bytes = Buffer.from(body);
      const headers = {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': bytes.length,
        'User-Agent': 'Enishi',
        'Idempotency-Key': id,
        'Enishi-Signature': signatureOf(secret, body, at),
        Connection: 'close',
      };
      const shared = { method: 'POST', headers, signal: AbortSignal.timeout(timeoutMilliseconds) };
      const begun = isLocal
        ? requestHttp(target, shared)
        : requestHttps(target, { ...shared, lookup: publicLookup, agent: false });
      return answerOf(begun, bytes);
    },
  };
}

const isAllowed = ({ protocol, hostname, username, password }: URL): boolean =>
  protocol === 'https:' && username === '' && password === '' && isIP(hostname.replace(/^\[|\]$/g, '')) === 0;

class Forbidden extends Error {}

/** Every address of the name must be public: one that is not says whose name it is. */
const lookupOf =
  (resolve: typeof lookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const all: LookupAddress[] = found ?? [];
      const closed = all.find(({ address }) => !isPublicAddress(address));
      const [first] = all;
      if (error || !first) callback(error ?? new Error('no address'), '', 0);
      else if (closed) callback(new Forbidden('not a public address'), '', 0);
      else if (options.all) callback(null, all);
      else callback(null, first.address, first.family);
    });
  };

function answerOf(request: ClientRequest, body: Buffer): Promise<Posted> {
  return new Promise((resolve) => {
    const trouble = (error: Error): void => {
      if (error instanceof Forbidden) resolve({ kind: 'forbidden' });
      else resolve({ kind: 'trouble', reason: /Abort|Timeout/.test(error.name) ? 'timeout' : 'unreachable' });
    };
    request.on('error', trouble);
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('error', trouble);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MOST_BYTES) chunks.push(chunk);
        else {
          resolve({ kind: 'answered', status });
          request.destroy();
        }
      });
      response.on('end', () => resolve({ kind: 'answered', status, text: Buffer.concat(chunks).toString('utf8') }));
    });
    request.end(body);
  });
}
