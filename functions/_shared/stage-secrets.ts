import * as z from 'zod/mini';
import type { LinkKey } from '#adapters/crypto/links.ts';
import { CrmError } from '#core/error.ts';

const LINKS = z.object({
  keys: z
    .array(z.object({ id: z.string().check(z.minLength(1)), secret: z.string().check(z.minLength(16)) }))
    .check(z.minLength(1)),
});
const LINE = z.object({ channelAccessToken: z.string().check(z.minLength(1)) });
const CHANNEL = z.object({ channelSecret: z.string().check(z.minLength(1)) });
const key = z.string().check(z.minLength(1));
const INTAKE = z.object({
  serverKeys: z._default(z.array(key), []),
  shopify: z._default(z.record(z.string(), z.array(key)), {}),
});

/** The keys of LINKS_SECRET, `{ "keys": [{ "id", "secret" }] }`. Errors: misconfigured. */
export const linkKeysIn = (text: string): LinkKey[] => read(LINKS, text, 'the secret of the links').keys;

/** The channel access token of LINE_SECRET. Errors: misconfigured. */
export const lineTokenIn = (text: string): string => read(LINE, text, 'the LINE secret').channelAccessToken;

/** The channel secret of LINE_SECRET, with which LINE signs. Errors: misconfigured. */
export const channelSecretIn = (text: string): string => read(CHANNEL, text, 'the LINE secret').channelSecret;

/** INTAKE_SECRET, `{ "serverKeys": [...], "shopify": { SHOP: [...] } }`. Errors: misconfigured. */
export const intakeKeysIn = (text: string): z.output<typeof INTAKE> => read(INTAKE, text, 'the intake secret');

function read<T extends z.ZodMiniType>(shape: T, text: string, name: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CrmError('misconfigured', `${name} is no JSON`);
  }
  const result = z.safeParse(shape, value);
  if (!result.success) throw new CrmError('misconfigured', `${name} has not the shape that docs/deploy.md describes`);
  return result.data;
}
