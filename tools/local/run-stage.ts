import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { CrmError } from '#core/error.ts';
import { startApiFront } from './api-front.ts';
import { stopAllRuns } from './child.ts';
import { clientsOf } from './clients.ts';
import { bootstrap, deploy, hashOfAssembly, synthesize } from './deploy.ts';
import { startLineSandbox } from './line-sandbox/line-sandbox.ts';
import { halfPastNine, localNow, turnTo, wasTurned } from './local-clock.ts';
import { startMailFront } from './mail-front/mail-front.ts';
import { mend } from './mend.ts';
import { type MiniStack, startMiniStack } from './ministack.ts';
import { checkPortsFree, type Places, placesOf, portsFrom } from './places.ts';
import type { Progress } from './progress.ts';
import { fillSecrets, type Keys } from './secrets.ts';
import { deployedResources } from './stacks.ts';
import { namesOf, type Stage, type StageFile, stageOf, writeStageFile } from './stage.ts';
import { makeVenv } from './venv.ts';

export interface RunningStage {
  stage: Stage;
  keys: Keys;
  /** Whether the kept state of an earlier run is in use. */
  isReused: boolean;
}

export interface RunOptions {
  /** The first of five ports in a row. */
  port: number;
  /** An AWS-compatible endpoint that already runs; without it MiniStack is started. */
  endpoint?: string;
}

/** A local stage with everything it needs, from nothing; what it started ends with `close`, in reverse order. */
export class LocalRun {
  readonly #options: RunOptions;
  readonly #progress: Progress;
  readonly #places: Places;
  readonly #closers: { what: string; close: () => Promise<void> }[] = [];
  #hash: string | undefined;
  #isReady = false;
  #isClosing = false;
  #ministack: MiniStack | undefined;
  /** Called when the AWS endpoint ends although nobody asked it to. */
  onLost: () => void = () => undefined;

  constructor(options: RunOptions, progress: Progress) {
    this.#options = options;
    this.#progress = progress;
    this.#places = placesOf(options.port);
  }

  /** Starts and deploys what is not there yet. Errors: conflict (a taken port), misconfigured, unavailable. */
  async start(): Promise<RunningStage> {
    const { port, endpoint } = this.#options;
    const { aws, ...fronts } = portsFrom(port);
    await checkPortsFree(endpoint === undefined ? { aws, ...fronts } : fronts);
    const isReused = endpoint === undefined ? await this.#openOwn() : await this.#openGiven(endpoint);
    const running = await this.#progress.step('pages and providers', () => this.#openFronts());
    this.#isReady = true;
    return { ...running, isReused };
  }

  /** Ends everything that was started. The state is kept when the stage had come up and the endpoint ended in order. */
  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    stopAllRuns();
    for (const { what, close } of this.#closers.reverse()) {
      try {
        await close();
      } catch (error) {
        this.#isReady = false;
        this.#progress.say(`${what} did not end in order: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    await rm(this.#places.stageFile, { force: true });
    if (this.#isReady && this.#hash !== undefined) await writeFile(this.#places.keptHash, this.#hash);
  }

  /** MiniStack of our own: with the kept state if its deployment is the one wanted, else with an empty one. */
  async #openOwn(): Promise<boolean> {
    const { port } = this.#options;
    const progress = this.#progress;
    const places = this.#places;
    const kept = await textOf(places.keptHash);
    const synthesis = progress.step('templates and bundles of the stacks', (note) => synthesize(places, port, note));
    // Looked at below; until then a failure must not end the process.
    synthesis.catch(() => undefined);
    const python = await makeVenv(places.venv, progress);
    if (kept === undefined) {
      if (await exists(places.state)) progress.say('  The last run was not ended in order: starting anew.');
      return this.#deployAnew(python, synthesis);
    }
    await synthesis;
    this.#hash = await hashOfAssembly(places.assembly);
    if (kept !== this.#hash) {
      progress.say('  The stacks are not those of the kept state: starting anew.');
      return this.#deployAnew(python, synthesis);
    }
    await rm(places.keptHash);
    await this.#startMiniStack(python);
    progress.say('  Nothing changed since the last run: its state is used again.');
    return true;
  }

  async #deployAnew(python: string, synthesis: Promise<void>): Promise<false> {
    const places = this.#places;
    await rm(places.keptHash, { force: true });
    await rm(places.state, { recursive: true, force: true });
    const { url } = await this.#startMiniStack(python);
    await this.#progress.step('cdk bootstrap', (note) => bootstrap(places, url, note));
    await synthesis;
    this.#hash = await hashOfAssembly(places.assembly);
    await this.#deployAndMend(url);
    return false;
  }

  /** An endpoint somebody else started: deployed to again, nothing thrown away. */
  async #openGiven(endpoint: string): Promise<boolean> {
    await this.#progress.step('templates and bundles of the stacks', (note) =>
      synthesize(this.#places, this.#options.port, note),
    );
    await this.#progress.step('cdk bootstrap', (note) => bootstrap(this.#places, endpoint, note));
    return this.#deployAndMend(endpoint);
  }

  /** Returns whether the stage was there already: its clock, once set, is never turned back. */
  async #deployAndMend(endpoint: string): Promise<boolean> {
    await this.#progress.step('cdk deploy', (note) => deploy(this.#places, endpoint, note));
    await this.#progress.step('what CloudFormation leaves out here', async () => {
      const clients = clientsOf(endpoint);
      await mend(await deployedResources(this.#places.assembly, clients), clients);
    });
    const stage = stageOf(await this.#stageFile(endpoint));
    if (await wasTurned(stage)) return true;
    await turnTo(stage, halfPastNine(await localNow(stage)));
    return false;
  }

  async #startMiniStack(python: string): Promise<MiniStack> {
    const { port } = this.#options;
    const ministack = await this.#progress.step('local AWS endpoint', () =>
      startMiniStack({ python, port, places: this.#places }),
    );
    this.#ministack = ministack;
    this.#closers.push({ what: 'The local AWS endpoint', close: () => ministack.stop() });
    ministack.ended.then(() => {
      if (this.#isClosing) return;
      this.#isReady = false;
      this.onLost();
    });
    return ministack;
  }

  async #openFronts(): Promise<{ stage: Stage; keys: Keys }> {
    const endpoint = this.#options.endpoint ?? this.#ministack?.url ?? '';
    const ports = portsFrom(this.#options.port);
    const stateDir = `${this.#places.state}/fronts`;
    await mkdir(stateDir, { recursive: true });
    const file = await this.#stageFile(endpoint);
    const stage = stageOf(file);
    const keys = await fillSecrets(stage);
    const now = async () => new Date(await localNow(stage));
    const api = await startApiFront({ port: ports.api, endpoint, apiId: file.apiId });
    this.#closers.push({ what: 'The API front', close: api.close });
    const mail = await startMailFront({ port: ports.mail, inboxPort: ports.inbox, endpoint, stateDir, now });
    this.#closers.push({ what: 'The mail front', close: mail.close });
    const line = await startLineSandbox({
      port: ports.line,
      webhookUrl: `${api.url}/v1/line`,
      channelSecret: keys.line.channelSecret,
      channelAccessToken: keys.line.channelAccessToken,
      stateDir,
      now,
    });
    this.#closers.push({ what: 'The LINE sandbox', close: line.close });
    const found: StageFile = { ...file, inboxUrl: mail.inboxUrl };
    await writeStageFile(this.#places.stageFile, found);
    return { stage: stageOf(found), keys };
  }

  async #stageFile(endpoint: string): Promise<StageFile> {
    const { port } = this.#options;
    const ports = portsFrom(port);
    const clients = clientsOf(endpoint);
    const resources = await deployedResources(this.#places.assembly, clients);
    const api = resources.find(({ type }) => type === 'AWS::ApiGatewayV2::Api');
    if (!api) throw new CrmError('misconfigured', 'The deployed stacks have no HTTP API.');
    const at = (number: number) => `http://127.0.0.1:${number}`;
    return {
      port,
      endpoint,
      apiId: api.physicalId,
      apiUrl: at(ports.api),
      lineUrl: at(ports.line),
      mailUrl: at(ports.mail),
      inboxUrl: at(ports.mail),
      names: await namesOf(resources, clients),
    };
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function exists(folder: string): Promise<boolean> {
  try {
    await readFile(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}
