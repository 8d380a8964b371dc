import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createPublishedStore } from '#adapters/dynamodb/publisher.ts';
import { createLinePusher } from '#adapters/line/push.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { createMailer } from '#adapters/ses/mailer.ts';
import { CrmError } from '#core/error.ts';
import type { LinePusher, Mailer } from '#core/ports/outward.ts';
import type { Manifest } from '#core/programme.ts';
import { lineTokenIn } from '#functions/_shared/stage-secrets.ts';
import { REGION } from '#tools/local/places.ts';
import { openStage } from '#tools/local/stage.ts';

/** What a stage's senders send with, and what is published there. */
export interface SendingStage {
  manifest: Manifest;
  publicUrl: string;
  mailer: Mailer;
  line: LinePusher;
}

/** The local stage on a port, or a stage on AWS by its name, with the settings of its own senders. Errors: not-found, misconfigured. */
export async function sendingStage(of: { stage?: string | undefined; port: number }): Promise<SendingStage> {
  const { names, endpoint } =
    of.stage === undefined ? await localNames(of.port) : { names: await namesOf(of.stage), endpoint: undefined };
  const name = (variable: string): string => {
    const value = names[variable];
    if (value === undefined)
      throw new CrmError('misconfigured', `No sender of this stage has ${variable} in its environment.`);
    return value;
  };
  // What runs outside of a Lambda has neither region nor credentials of its own on a local stage.
  if (endpoint !== undefined) {
    Object.assign(process.env, {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: endpoint,
    });
  }
  const manifest = await createPublishedStore(createDynamoClient(), name('CATALOG_TABLE')).manifest();
  if (!manifest) throw new CrmError('not-found', 'まだ何も公開されていません。(Nothing is published yet.)');
  const secrets = createSecrets(createSecretsClient());
  const { SES_ENDPOINT: sesEndpoint, LINE_API_BASE: baseUrl } = names;
  return {
    manifest,
    publicUrl: name('PUBLIC_URL'),
    mailer: createMailer({
      configurationSet: name('CONFIGURATION_SET'),
      ...(sesEndpoint === undefined ? {} : { endpoint: sesEndpoint }),
    }),
    line: createLinePusher({
      channelAccessToken: async () => lineTokenIn(await secrets.text(name('LINE_SECRET'))),
      ...(baseUrl === undefined ? {} : { baseUrl }),
    }),
  };
}

async function localNames(port: number): Promise<{ names: Record<string, string>; endpoint: string }> {
  const { names, endpoint } = await openStage(port);
  return { names, endpoint };
}

/** The environment of a stage's two senders on AWS, by the credentials of whoever calls. */
async function namesOf(stage: string): Promise<Record<string, string>> {
  const lambda = new LambdaClient({});
  const environments = await Promise.all(
    ['send-email', 'send-line'].map(async (sender) => {
      const answer = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: `enishi-${stage}-${sender}` }),
      );
      return answer.Environment?.Variables ?? {};
    }),
  );
  return Object.assign({}, ...environments) as Record<string, string>;
}
