import {
  App,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  Tags,
} from 'aws-cdk-lib';
import { AppStack } from '#lib/app-stack.ts';
import { DataStack } from '#lib/data-stack.ts';
import { stageFrom } from '#lib/stage.ts';

const app = new App({ analyticsReporting: false });
const stage = stageFrom(app.node);
/** Under exactOptionalPropertyTypes the CDK's own classes are no IStackSynthesizer. */
const synthesizer = (): IStackSynthesizer =>
  (stage.hasDeployRoles ? new DefaultStackSynthesizer() : new CliCredentialsStackSynthesizer()) as IStackSynthesizer;

const data = new DataStack(app, `enishi-${stage.name}-data`, {
  stage,
  synthesizer: synthesizer(),
  description: 'Enishi: what must outlive a deploy.',
});
new AppStack(app, `enishi-${stage.name}-app`, {
  stage,
  data,
  synthesizer: synthesizer(),
  description: 'Enishi: what can be thrown away and rebuilt.',
});
Tags.of(app).add('enishi:stage', stage.name);
