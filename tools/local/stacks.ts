import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { Clients } from './clients.ts';

/** One resource of a deployed stack: what the template says of it, and its name where it runs. */
export interface Deployed {
  stack: string;
  logicalId: string;
  type: string;
  physicalId: string;
  properties: Record<string, unknown>;
}

/** All resources of the assembly's stacks, with their properties as the templates have them (intrinsic functions unresolved). */
export async function deployedResources(assembly: string, clients: Clients): Promise<Deployed[]> {
  const found: Deployed[] = [];
  for (const { stack, file } of await stacksOf(assembly)) {
    const template = JSON.parse(await readFile(join(assembly, file), 'utf8')) as {
      Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
    };
    const names = await physicalIds(stack, clients);
    for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
      const physicalId = names.get(logicalId);
      if (physicalId !== undefined) {
        found.push({ stack, logicalId, type: Type, physicalId, properties: Properties ?? {} });
      }
    }
  }
  return found;
}

/** The stacks of an assembly and the files their templates are in. */
async function stacksOf(assembly: string): Promise<{ stack: string; file: string }[]> {
  const manifest = JSON.parse(await readFile(join(assembly, 'manifest.json'), 'utf8')) as {
    artifacts: Record<string, { type: string; properties?: { templateFile?: string; stackName?: string } }>;
  };
  return Object.entries(manifest.artifacts).flatMap(([id, { type, properties }]) =>
    type === 'aws:cloudformation:stack' && properties?.templateFile
      ? [{ stack: properties.stackName ?? id, file: properties.templateFile }]
      : [],
  );
}

async function physicalIds(stack: string, clients: Clients): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for await (const page of paginateListStackResources({ client: clients.cloudFormation }, { StackName: stack })) {
    for (const resource of page.StackResourceSummaries ?? []) {
      if (resource.LogicalResourceId && resource.PhysicalResourceId) {
        names.set(resource.LogicalResourceId, resource.PhysicalResourceId);
      }
    }
  }
  return names;
}
