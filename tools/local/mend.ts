import { UpdateApiCommand } from '@aws-sdk/client-apigatewayv2';
import {
  DescribeTimeToLiveCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { type LifecycleRule, PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import type { Clients } from './clients.ts';
import type { Deployed } from './stacks.ts';

type Fields = Record<string, unknown>;

/**
 * Does by API what MiniStack's CloudFormation takes without a word and drops: TTL, point-in-time recovery, CORS, reserved concurrency,
 * lifecycle rules, switched-off mappings. Doing it twice is harmless. Returns what it did, one line each.
 */
export async function mend(resources: Deployed[], clients: Clients): Promise<string[]> {
  const done: string[] = [];
  for (const resource of resources) {
    for (const what of await mendOne(resource, clients)) done.push(`${resource.logicalId}: ${what}`);
  }
  return done;
}

async function mendOne(resource: Deployed, clients: Clients): Promise<string[]> {
  switch (resource.type) {
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return mendTable(resource, clients);
    case 'AWS::ApiGatewayV2::Api':
      return mendApi(resource, clients);
    case 'AWS::Lambda::Function':
      return mendFunction(resource, clients);
    case 'AWS::Lambda::EventSourceMapping':
      return mendMapping(resource, clients);
    case 'AWS::S3::Bucket':
      return mendBucket(resource, clients);
    default:
      return [];
  }
}

async function mendTable({ physicalId, properties }: Deployed, clients: Clients): Promise<string[]> {
  const done: string[] = [];
  const ttl = properties.TimeToLiveSpecification as { AttributeName?: string; Enabled?: boolean } | undefined;
  if (ttl?.Enabled && ttl.AttributeName) {
    const now = await clients.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: physicalId }));
    if (now.TimeToLiveDescription?.TimeToLiveStatus !== 'ENABLED') {
      const specification = { AttributeName: ttl.AttributeName, Enabled: true };
      await clients.dynamodb.send(
        new UpdateTimeToLiveCommand({ TableName: physicalId, TimeToLiveSpecification: specification }),
      );
      done.push('time to live');
    }
  }
  const replica = (properties.Replicas as Fields[] | undefined)?.[0];
  const recovery = (properties.PointInTimeRecoverySpecification ?? replica?.PointInTimeRecoverySpecification) as
    | { PointInTimeRecoveryEnabled?: boolean }
    | undefined;
  if (recovery?.PointInTimeRecoveryEnabled) {
    await clients.dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: physicalId,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    done.push('point-in-time recovery');
  }
  return done;
}

async function mendApi({ physicalId, properties }: Deployed, clients: Clients): Promise<string[]> {
  const cors = properties.CorsConfiguration as Fields | undefined;
  if (!cors) return [];
  await clients.apis.send(new UpdateApiCommand({ ApiId: physicalId, CorsConfiguration: cors }));
  return ['CORS'];
}

async function mendFunction({ physicalId, properties }: Deployed, clients: Clients): Promise<string[]> {
  const reserved = properties.ReservedConcurrentExecutions;
  if (typeof reserved !== 'number') return [];
  await clients.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: physicalId, ReservedConcurrentExecutions: reserved }),
  );
  return [`at most ${reserved} at once`];
}

async function mendMapping({ physicalId, properties }: Deployed, clients: Clients): Promise<string[]> {
  if (properties.Enabled !== false) return [];
  const all = await clients.lambda.send(new ListEventSourceMappingsCommand({}));
  const mapping = all.EventSourceMappings?.find(({ UUID }) => UUID === physicalId);
  if (mapping?.State !== 'Enabled') return [];
  await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: physicalId, Enabled: false }));
  return ['switched off'];
}

async function mendBucket({ physicalId, properties }: Deployed, clients: Clients): Promise<string[]> {
  const rules = (properties.LifecycleConfiguration as { Rules?: Fields[] } | undefined)?.Rules;
  if (!rules?.length) return [];
  await clients.s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: physicalId,
      LifecycleConfiguration: { Rules: rules.map(lifecycleRule) },
    }),
  );
  return ['lifecycle rules'];
}

/** A rule in CloudFormation's words as the S3 API spells it. */
function lifecycleRule(rule: Fields, place: number): LifecycleRule {
  const days = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  const expiration = days(rule.ExpirationInDays);
  const noncurrent = days((rule.NoncurrentVersionExpiration as Fields | undefined)?.NoncurrentDays);
  const abort = days((rule.AbortIncompleteMultipartUpload as Fields | undefined)?.DaysAfterInitiation);
  return {
    ID: typeof rule.Id === 'string' ? rule.Id : `rule-${place}`,
    Status: rule.Status === 'Disabled' ? 'Disabled' : 'Enabled',
    Filter: { Prefix: typeof rule.Prefix === 'string' ? rule.Prefix : '' },
    ...(expiration === undefined ? {} : { Expiration: { Days: expiration } }),
    ...(noncurrent === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrent } }),
    ...(abort === undefined ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort } }),
  };
}
