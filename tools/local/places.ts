import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { CrmError } from '#core/error.ts';

/** The repository's own folder. */
export const ROOT = join(import.meta.dirname, '..', '..');
export const REGION = 'ap-northeast-1';
export const DEFAULT_PORT = 8400;

/** Where one local stage listens: five ports in a row. */
export interface Ports {
  aws: number;
  api: number;
  line: number;
  mail: number;
  inbox: number;
}

export const portsFrom = (base: number): Ports => ({
  aws: base,
  api: base + 1,
  line: base + 2,
  mail: base + 3,
  inbox: base + 4,
});

/** Where a local stage keeps its things; all of it may be thrown away. */
export interface Places {
  home: string;
  venv: string;
  state: string;
  logs: string;
  assembly: string;
  outputs: string;
  /** What other tools need to find the running stage. */
  stageFile: string;
  /** Hash of the templates whose deployment `state` holds; only there after a clean stop. */
  keptHash: string;
}

/** The default stage lives in `.enishi/`, one on another base port in a folder of its own below it; the venv is shared. */
export function placesOf(base: number): Places {
  const shared = join(ROOT, '.enishi');
  const home = base === DEFAULT_PORT ? shared : join(shared, String(base));
  return {
    home,
    venv: join(shared, 'venv'),
    state: join(home, 'state'),
    logs: join(home, 'logs'),
    assembly: join(home, 'cdk.out'),
    outputs: join(home, 'outputs.json'),
    stageFile: join(home, 'stage.json'),
    keptHash: join(home, 'state.hash'),
  };
}

/** The environment of what we start: Node 24 first on the path, and nothing of the user's own AWS or npm settings. */
export function cleanEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(AWS_|CDK_|NODE_OPTIONS$|NODE_PATH$|npm_|PYTHON)/.test(name)) kept[name] = value;
  }
  const path = [join(ROOT, 'node_modules', '.bin'), kept.PATH ?? ''].join(delimiter);
  return { ...kept, PATH: path, ...extra };
}

/** What the AWS CLI, the CDK and the SDK need to speak to a local endpoint and to nothing else. */
export function awsEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** Whether something listens on that port of 127.0.0.1. */
export function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

/** Throws a clear sentence when one of the ports is taken. */
export async function checkPortsFree(ports: Partial<Ports>): Promise<void> {
  const numbers = Object.values(ports);
  const taken: number[] = [];
  for (const port of numbers) if (await isTaken(port)) taken.push(port);
  if (taken.length === 0) return;
  const which = taken.length === 1 ? `Port ${taken[0]} is` : `The ports ${taken.join(', ')} are`;
  throw new CrmError(
    'conflict',
    `${which} taken by another program (perhaps another "npm start"). Stop it, or choose another row of five ports: npm start -- --port ${freeRowAfter(numbers)}`,
  );
}

const freeRowAfter = (numbers: number[]): number => Math.ceil((Math.max(...numbers) + 1) / 100) * 100;
