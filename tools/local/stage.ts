import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { CrmError } from '#core/error.ts';
import { type Clients, clientsOf } from './clients.ts';
import { placesOf } from './places.ts';
import type { Deployed } from './stacks.ts';

/** What a running local stage writes down so that the other tools find it. */
export interface StageFile {
  port: number;
  /** The AWS-compatible endpoint. */
  endpoint: string;
  apiUrl: string;
  lineUrl: string;
  mailUrl: string;
  inboxUrl: string;
  apiId: string;
  /** What the deployed functions were told of tables, queues, secrets and buckets: one source for all tools. */
  names: Record<string, string>;
}

/** A local stage that runs, with clients that speak to it. */
export interface Stage extends StageFile {
  clients: Clients;
  /** The value of one environment variable of the functions. Errors: misconfigured. */
  name(variable: string): string;
}

export function stageOf(file: StageFile): Stage {
  return {
    ...file,
    clients: clientsOf(file.endpoint),
    name(variable) {
      const value = file.names[variable];
      if (value === undefined) {
        throw new CrmError('misconfigured', `No deployed function of this stage has ${variable} in its environment.`);
      }
      return value;
    },
  };
}

/** The environment of all deployed functions as one. */
export async function namesOf(resources: Deployed[], clients: Clients): Promise<Record<string, string>> {
  const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  const environments = await Promise.all(
    functions.map(async ({ physicalId }) => {
      const answer = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: physicalId }));
      return answer.Environment?.Variables ?? {};
    }),
  );
  return Object.assign({}, ...environments) as Record<string, string>;
}

/** Writes the stage file. */
export async function writeStageFile(path: string, file: StageFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(file, undefined, 2));
}

/** Finds the local stage that runs on a base port. Errors: not-found, with what to do. */
export async function openStage(port: number): Promise<Stage> {
  const start = `npm start${port === 8400 ? '' : ` -- --port ${port}`}`;
  const missing = (cause?: unknown) =>
    new CrmError(
      'not-found',
      `手元の環境がポート ${port} で動いていません。別の端末で ${start} を実行してください。\n(No local stage runs on port ${port}. Start one in another terminal with: ${start})`,
      { cause },
    );
  let text: string;
  try {
    text = await readFile(placesOf(port).stageFile, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw missing();
    throw error;
  }
  const file = JSON.parse(text) as StageFile;
  try {
    await fetch(file.endpoint, { signal: AbortSignal.timeout(5000) });
    await fetch(file.apiUrl, { signal: AbortSignal.timeout(5000) });
  } catch (cause) {
    throw missing(cause);
  }
  return stageOf(file);
}
