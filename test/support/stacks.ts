import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AppStack } from '#lib/app-stack.ts';
import { DataStack } from '#lib/data-stack.ts';
import { type ShopSettings, type StageName, stageFrom } from '#lib/stage.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface Statement {
  Effect: string;
  Action: string[];
  Resource: unknown[];
  Condition?: Record<string, Record<string, unknown>>;
}

/** Both stacks of a stage as templates; no code is bundled. */
export interface Synthesized {
  data: Template;
  app: Template;
  isProtected: { data: boolean; app: boolean };
  /** Every resource of both, by stack and logical id. */
  all: Record<string, Resource>;
}

const made = new Map<string, Synthesized>();

/** The stacks as `cdk synth -c stage=NAME` makes them, with what the shop says of its stage. */
export function synthesize(name: StageName, shop: ShopSettings = {}): Synthesized {
  const id = JSON.stringify([name, shop]);
  const known = made.get(id);
  if (known) return known;
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  const app = new App({
    context: { ...context, stage: name, enishi: { [name]: shop }, 'aws:cdk:bundling-stacks': [] },
    analyticsReporting: false,
  });
  const stage = stageFrom(app.node);
  const data = new DataStack(app, `enishi-${name}-data`, { stage });
  const rest = new AppStack(app, `enishi-${name}-app`, { stage, data });
  const isProtected = (stack: Stack) => stack.terminationProtection === true;
  const templates = { data: Template.fromStack(data), app: Template.fromStack(rest) };
  const synthesized = {
    ...templates,
    isProtected: { data: isProtected(data), app: isProtected(rest) },
    all: { ...resources('data', templates.data), ...resources('app', templates.app) },
  };
  made.set(id, synthesized);
  return synthesized;
}

const resources = (stack: string, template: Template): Record<string, Resource> =>
  Object.fromEntries(
    Object.entries(template.toJSON().Resources as Record<string, Resource>).map(([id, resource]) => [
      `${stack}/${id}`,
      resource,
    ]),
  );

/** The resources of one type. */
export const ofType = ({ all }: Synthesized, type: string): [string, Resource][] =>
  Object.entries(all).filter(([, resource]) => resource.Type === type);

/** The functions by their folder's name. */
export function functionsOf(stacks: Synthesized, stage: StageName): Map<string, Resource['Properties']> {
  return new Map(
    ofType(stacks, 'AWS::Lambda::Function').map(([, { Properties }]) => [
      String(Properties.FunctionName).slice(`enishi-${stage}-`.length),
      Properties,
    ]),
  );
}

/** What each function may do: the statements of its role's policies. */
export function permissionsOf(stacks: Synthesized, stage: StageName): Map<string, Statement[]> {
  const policies = ofType(stacks, 'AWS::IAM::Policy').map(([, { Properties }]) => Properties);
  return new Map(
    [...functionsOf(stacks, stage)].map(([name, { Role }]) => {
      const role = (Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
      const mine = policies.filter(({ Roles }) => (Roles as { Ref: string }[]).some(({ Ref }) => Ref === role));
      return [name, mine.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument))];
    }),
  );
}

/** The statements of a policy document, each action and resource in a list. */
export function statementsOf(document: unknown): Statement[] {
  const { Statement } = document as { Statement: Record<string, unknown>[] };
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
  return Statement.map((one) => ({
    ...(one as unknown as Statement),
    Action: list(one.Action) as string[],
    Resource: list(one.Resource),
  }));
}

/** The names of the functions that may do one of the actions on a resource whose text holds `part`. */
export function whoMay(stacks: Synthesized, stage: StageName, action: RegExp, part: string): string[] {
  return [...permissionsOf(stacks, stage)]
    .filter(([, statements]) =>
      statements.some(
        ({ Action, Resource }) =>
          Action.some((one) => action.test(one)) && Resource.some((one) => JSON.stringify(one).includes(part)),
      ),
    )
    .map(([name]) => name)
    .sort();
}
