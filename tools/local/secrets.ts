import { randomBytes } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Stage } from './stage.ts';

/** The small shop of the morning, and the one whose orders are replayed. */
export const MORNING_SHOP = 'tsubame.myshopify.com';
export const REPLAY_SHOP = 'replay.myshopify.com';

const intakeSchema = z.object({
  serverKeys: z.array(z.string().min(1)).min(1),
  shopify: z.record(z.string(), z.array(z.string()).min(1)),
});
const lineSchema = z.object({ channelSecret: z.string().min(1), channelAccessToken: z.string().min(1) });
const linksSchema = z.object({ keys: z.array(z.object({ id: z.string(), secret: z.string().min(1) })).min(1) });

/** The keys with which the outside speaks to a stage. */
export interface Keys {
  intake: z.infer<typeof intakeSchema>;
  line: z.infer<typeof lineSchema>;
}

/** Puts made-up keys where the deployment left none, as a shop would put its own. What is there already stays. */
export async function fillSecrets(stage: Stage): Promise<Keys> {
  const made = () => randomBytes(24).toString('base64url');
  const intake = await fill(stage, 'INTAKE_SECRET', intakeSchema, () => ({
    serverKeys: [made()],
    shopify: { [MORNING_SHOP]: [made()], [REPLAY_SHOP]: [made()] },
  }));
  const line = await fill(stage, 'LINE_SECRET', lineSchema, () => ({
    channelSecret: randomBytes(16).toString('hex'),
    channelAccessToken: made(),
  }));
  await fill(stage, 'LINKS_SECRET', linksSchema, () => ({ keys: [{ id: 'k1', secret: made() }] }));
  return { intake, line };
}

/** The keys of a stage that runs. Errors: misconfigured when they were never filled in. */
export async function readKeys(stage: Stage): Promise<Keys> {
  return {
    intake: intakeSchema.parse(JSON.parse((await read(stage, 'INTAKE_SECRET')) ?? '')),
    line: lineSchema.parse(JSON.parse((await read(stage, 'LINE_SECRET')) ?? '')),
  };
}

/** The key that customers' ids are made with. */
export async function readAddressKey(stage: Stage): Promise<string> {
  return (await read(stage, 'ADDRESS_KEY_SECRET')) ?? '';
}

async function fill<S extends z.ZodType>(
  stage: Stage,
  variable: string,
  schema: S,
  make: () => z.infer<S>,
): Promise<z.infer<S>> {
  const found = schema.safeParse(parsed(await read(stage, variable)));
  if (found.success) return found.data;
  const value = make();
  await stage.clients.secrets.send(
    new PutSecretValueCommand({ SecretId: stage.name(variable), SecretString: JSON.stringify(value) }),
  );
  return value;
}

async function read(stage: Stage, variable: string): Promise<string | undefined> {
  try {
    const answer = await stage.clients.secrets.send(new GetSecretValueCommand({ SecretId: stage.name(variable) }));
    return answer.SecretString;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
