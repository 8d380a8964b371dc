import { describe, expect, test } from '@jest/globals';
import { ofType, type Resource, synthesize } from '#test/support/stacks.ts';

const production = synthesize('production', { domain: 'shop.example', alarmEmail: 'ops@shop.example' });
const tables = ofType(production, 'AWS::DynamoDB::Table').map(([, resource]) => resource);
const tableWith = (...keys: string[]): Resource =>
  tables.find(({ Properties }) => {
    const schema = Properties.KeySchema as { AttributeName: string }[];
    return JSON.stringify(schema.map(({ AttributeName }) => AttributeName)) === JSON.stringify(keys);
  })!;
const events = tableWith('customerId', 'eventId');
const customers = tableWith('customerId');

describe('what a shop knows of its customers', () => {
  test('outlives its stack in production: tables, buckets, keys, secrets and the domain that DNS points at', () => {
    const kept = [
      'AWS::DynamoDB::Table',
      'AWS::S3::Bucket',
      'AWS::KMS::Key',
      'AWS::SecretsManager::Secret',
      'AWS::SES::EmailIdentity',
    ];
    for (const type of kept) {
      const found = ofType(production, type);
      expect(found.length).toBeGreaterThan(0);
      for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of found) {
        // Retained but when the stack is rolled back in its making, so that a failed first deploy can be tried again.
        const isKept = DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate';
        expect([id, isKept, UpdateReplacePolicy]).toEqual([id, true, 'Retain']);
      }
    }
  });

  test('keeps its place in the stack: under another logical id a deploy would begin with an empty one and leave the old behind', () => {
    const kept = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'];
    const ids = kept.flatMap((type) => ofType(production, type).map(([id]) => id));
    expect(ids.sort()).toEqual([
      'data/addresskey033BC650',
      'data/catalogtable7B5F8EAD',
      'data/customerstableEF6B2A03',
      'data/eventstable114C8AB3',
      'data/givenup70B8E4FB',
      'data/intakekeysBEC1E9AC',
      'data/keyFEDD6EC0',
      'data/letters3B3B2511',
      'data/linekeysDBE6B9D1',
      'data/linkkeys0AAD6305',
      'data/scenarios6B3C1958',
      'data/sendstableC2465D42',
    ]);
  });

  test('can not be deleted by mistake in production: neither its tables nor its stacks', () => {
    expect(tables.map(({ Properties }) => Properties.DeletionProtectionEnabled)).toEqual([true, true, true, true]);
    expect(production.isProtected).toEqual({ data: true, app: true });
  });

  test('goes with its stack on a stage for trying things out', () => {
    const staging = synthesize('staging');
    expect(staging.isProtected).toEqual({ data: false, app: false });
    for (const [, { DeletionPolicy, Properties }] of ofType(staging, 'AWS::DynamoDB::Table')) {
      expect([DeletionPolicy, Properties.DeletionProtectionEnabled]).toEqual(['Delete', false]);
    }
  });

  test('can be brought back to any second: customers and catalog; sends never, or a message would go out twice', () => {
    const hasRecovery = ({ Properties }: Resource) =>
      (Properties.PointInTimeRecoverySpecification as { PointInTimeRecoveryEnabled: boolean })
        .PointInTimeRecoveryEnabled;
    expect(hasRecovery(customers)).toBe(true);
    expect(hasRecovery(tableWith('pk', 'sk'))).toBe(true);
    expect(hasRecovery(tableWith('messageId'))).toBe(false);
  });

  test('lies under a key of the shop that is renewed each year', () => {
    const [[id, key]] = ofType(production, 'AWS::KMS::Key') as [[string, Resource]];
    expect(key.Properties.EnableKeyRotation).toBe(true);
    const own = { 'Fn::GetAtt': [id.slice('data/'.length), 'Arn'] };
    for (const { Properties } of tables) {
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: own });
    }
  });

  test('is paid for by use', () => {
    expect(tables.map(({ Properties }) => Properties.BillingMode)).toEqual(Array(4).fill('PAY_PER_REQUEST'));
  });

  test('lets rows expire by expiresAt in every table', () => {
    const expected = { AttributeName: 'expiresAt', Enabled: true };
    expect(tables.map(({ Properties }) => Properties.TimeToLiveSpecification)).toEqual(Array(4).fill(expected));
  });

  test('tells of every new row in a mailbox, whole, and of no other table', () => {
    expect(events.Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
    expect(tables.filter(({ Properties }) => Properties.StreamSpecification !== undefined)).toEqual([events]);
  });

  test('finds who is due by an index that holds keys only', () => {
    expect(customers.Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'byAlarm',
        KeySchema: [
          { AttributeName: 'alarmShard', KeyType: 'HASH' },
          { AttributeName: 'alarmAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });
});

describe('the buckets', () => {
  const buckets = ofType(production, 'AWS::S3::Bucket');

  test('are closed to the public and to plain HTTP', () => {
    const closed = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    expect(buckets.map(([, { Properties }]) => Properties.PublicAccessBlockConfiguration)).toEqual([
      closed,
      closed,
      closed,
    ]);
    const policies = ofType(production, 'AWS::S3::BucketPolicy').map(([, policy]) => JSON.stringify(policy));
    expect(policies.length).toBe(3);
    for (const policy of policies) {
      expect(policy).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"');
    }
  });

  test('keep every version of what marketers upload, and tell EventBridge of it', () => {
    const [scenarios] = buckets.filter(([, { Properties }]) => Properties.VersioningConfiguration !== undefined);
    expect(scenarios![1].Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
  });

  test('keep what the stream gave up under the shop’s own key, for as long as somebody may look at it', () => {
    const [givenUp] = buckets.filter(([, { Properties }]) => Properties.VersioningConfiguration === undefined);
    expect(JSON.stringify(givenUp![1].Properties.BucketEncryption)).toContain('aws:kms');
    expect(JSON.stringify(givenUp![1].Properties.LifecycleConfiguration)).toContain('"ExpirationInDays":90');
  });
});

describe('the secrets', () => {
  const secrets = new Map(
    ofType(production, 'AWS::SecretsManager::Secret').map(([, { Properties }]) => [
      Properties.Name,
      Properties.GenerateSecretString,
    ]),
  );

  test('let nobody in before the shop has filled them in; CloudFormation writes a changed placeholder over the shop’s own', () => {
    expect(Object.fromEntries(secrets)).toEqual({
      'enishi/production/address-key': { PasswordLength: 64, ExcludePunctuation: true },
      'enishi/production/intake-keys': {
        GenerateStringKey: 'unused',
        SecretStringTemplate: '{"serverKeys":[],"shopify":{}}',
      },
      'enishi/production/line-keys': {
        GenerateStringKey: 'unused',
        SecretStringTemplate: '{"channelSecret":"","channelAccessToken":""}',
      },
      'enishi/production/link-keys': { GenerateStringKey: 'unused', SecretStringTemplate: '{"keys":[]}' },
    });
  });

  test('are never turned over by a schedule: a new address key would make strangers of all customers', () => {
    expect(ofType(production, 'AWS::SecretsManager::RotationSchedule')).toEqual([]);
  });
});

test('the shop is told the DNS records with which SES signs for its domain', () => {
  const { Outputs } = production.data.toJSON() as { Outputs: Record<string, { Value: unknown }> };
  const names = Object.keys(Outputs).filter((name) => name.startsWith('DkimRecord'));
  expect(names).toEqual(['DkimRecord1', 'DkimRecord2', 'DkimRecord3']);
});
