import type { Server } from 'node:http';
import startInboxServer from 'aws-ses-v2-local';
import * as z from 'zod';
import { CrmError } from '#core/error.ts';
import { jsonObject } from './json-object.ts';

/** `aws-ses-v2-local`, which knows SES's request forms, renders its templates and keeps the mails. */
export interface Inbox {
  /** Hands on a request of the SES API. */
  forward(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Mails as they were made of their templates or MIME source, among those kept since then (milliseconds of the wall's clock). */
  made(ids: string[], since: number): Promise<(MadeMail | undefined)[]>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

const made = z.object({
  messageId: z.string().optional(),
  from: z.string(),
  replyTo: z.array(z.string()),
  destination: z.object({ to: z.array(z.string()), cc: z.array(z.string()), bcc: z.array(z.string()) }),
  subject: z.string(),
  body: z.object({ html: z.string().optional(), text: z.string().optional() }),
  headers: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
export type MadeMail = z.infer<typeof made>;

/** Starts the inbox behind the front. Throws conflict when the port is taken. */
export async function startInbox(options: { host: string; port: number }): Promise<Inbox> {
  const { host } = options;
  // A CommonJS module: what it exports by default is one level down.
  const server: Server = await startInboxServer.default(options);
  const address = server.address();
  if (!server.listening || typeof address !== 'object' || !address) {
    throw new CrmError('conflict', `Port ${options.port} of ${host} is taken by another program.`);
  }
  const url = `http://${host}:${address.port}`;
  const headers = { authorization: 'AWS local', 'content-type': 'application/json' };
  return {
    async forward(method, path, body) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: jsonObject(await answer.text()) };
    },
    async made(ids, since) {
      const seconds = Math.floor(since / 1000);
      const store = jsonObject(await (await fetch(`${url}/store?since=${seconds}`, { headers })).text());
      const mails = Array.isArray(store.emails) ? store.emails.map((mail) => made.safeParse(mail).data) : [];
      return ids.map((id) => mails.findLast((mail) => mail?.messageId === id));
    },
    async clear() {
      await fetch(`${url}/clear-store`, { method: 'POST', headers });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
