import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { REGION } from './places.ts';

/** The SDK's clients, all speaking to one local endpoint. */
export interface Clients {
  apis: ApiGatewayV2Client;
  cloudFormation: CloudFormationClient;
  dynamodb: DynamoDBClient;
  lambda: LambdaClient;
  s3: S3Client;
  secrets: SecretsManagerClient;
  sqs: SQSClient;
}

export function clientsOf(endpoint: string): Clients {
  const shared = {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 5,
  };
  return {
    apis: new ApiGatewayV2Client(shared),
    cloudFormation: new CloudFormationClient(shared),
    dynamodb: new DynamoDBClient(shared),
    lambda: new LambdaClient(shared),
    s3: new S3Client({ ...shared, forcePathStyle: true }),
    secrets: new SecretsManagerClient(shared),
    sqs: new SQSClient({ ...shared, useQueueUrlAsEndpoint: false }),
  };
}
