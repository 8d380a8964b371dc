import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import { CrmSecret } from './constructs/crm-secret.ts';
import { CrmTable } from './constructs/crm-table.ts';
import type { Stage } from './stage.ts';

/** What must outlive a deploy: tables, buckets, keys, secrets, and the domain whose DNS points at this account. */
export class DataStack extends Stack {
  /** The mailbox and the history. */
  readonly events: CrmTable;
  /** Every customer's state. */
  readonly customers: CrmTable;
  /** The claims that make a send happen once. */
  readonly sends: CrmTable;
  /** What is published; later products and coupons. */
  readonly catalog: CrmTable;
  /** What marketers edit. */
  readonly scenarios: Bucket;
  /** Batches of the events stream that were given up. */
  readonly givenUp: Bucket;
  /** Letters that wait for the printer. */
  readonly letters: Bucket;
  readonly addressKey: CrmSecret;
  readonly intakeKeys: CrmSecret;
  readonly lineKeys: CrmSecret;
  readonly linkKeys: CrmSecret;

  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { stage: Stage }) {
    super(scope, id, { ...props, terminationProtection: stage.isKept });
    // Kept for ever but when the very first deploy fails: it must be possible to try that again.
    const removalPolicy = stage.isKept ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
    const key = new Key(this, 'key', {
      alias: `enishi-${stage.name}`,
      description: 'What Enishi knows of customers',
      enableKeyRotation: true,
      removalPolicy,
    });

    this.events = new CrmTable(this, 'events', {
      stage,
      key,
      env: 'EVENTS_TABLE',
      partitionKey: 'customerId',
      sortKey: 'eventId',
      reads: ['dynamodb:Query'],
      writes: ['dynamodb:PutItem'],
      expires: true,
      hasStream: true,
    });
    this.customers = new CrmTable(this, 'customers', {
      stage,
      key,
      env: 'CUSTOMERS_TABLE',
      partitionKey: 'customerId',
      reads: ['dynamodb:BatchGetItem'],
      writes: ['dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate', 'dynamodb:UpdateItem'],
      expires: true,
      hasRecovery: true,
      index: { name: 'byAlarm', partitionKey: 'alarmShard', sortKey: 'alarmAt' },
    });
    this.sends = new CrmTable(this, 'sends', {
      stage,
      key,
      env: 'SENDS_TABLE',
      partitionKey: 'messageId',
      writes: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      expires: true,
    });
    this.catalog = new CrmTable(this, 'catalog', {
      stage,
      key,
      env: 'CATALOG_TABLE',
      partitionKey: 'pk',
      sortKey: 'sk',
      reads: ['dynamodb:BatchGetItem'],
      writes: ['dynamodb:PutItem'],
      expires: true,
      hasRecovery: true,
    });

    const closed: BucketProps = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: stage.requiresTls,
      removalPolicy,
    };
    const unfinished = { abortIncompleteMultipartUploadAfter: Duration.days(7) };
    this.scenarios = new Bucket(this, 'scenarios', {
      ...closed,
      versioned: true,
      // S3's own key: it holds no customers, and who may upload needs no right on a key then.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ ...unfinished, noncurrentVersionExpiration: Duration.days(400) }],
    });
    // By the property: `eventBridgeEnabled` would do the same through a Lambda of its own.
    (this.scenarios.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    this.givenUp = new Bucket(this, 'given-up', {
      ...closed,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      // The events themselves stay in their table; this says only which of them nobody has acted on.
      lifecycleRules: [{ ...unfinished, expiration: Duration.days(90) }],
    });

    this.letters = new Bucket(this, 'letters', {
      ...closed,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      // Names and addresses: as long as it takes to print them, and no longer.
      lifecycleRules: [
        { ...unfinished, prefix: 'postal/', expiration: Duration.days(30) },
        { prefix: 'rows/', expiration: Duration.days(30) },
        { prefix: 'handed/', expiration: Duration.days(90) },
      ],
    });

    this.addressKey = new CrmSecret(this, 'address-key', {
      stage,
      env: 'ADDRESS_KEY_SECRET',
      description: 'The key that turns identities into customer ids. Lost or changed, nobody is known any more.',
      generate: { passwordLength: 64, excludePunctuation: true },
    });
    this.intakeKeys = new CrmSecret(this, 'intake-keys', {
      stage,
      env: 'INTAKE_SECRET',
      description: 'Keys of those who may send events: servers and Shopify shops.',
      generate: { secretStringTemplate: '{"serverKeys":[],"shopify":{}}', generateStringKey: 'unused' },
    });
    this.lineKeys = new CrmSecret(this, 'line-keys', {
      stage,
      env: 'LINE_SECRET',
      description: 'Secret and access token of the LINE Messaging API channel.',
      generate: { secretStringTemplate: '{"channelSecret":"","channelAccessToken":""}', generateStringKey: 'unused' },
    });
    this.linkKeys = new CrmSecret(this, 'link-keys', {
      stage,
      env: 'LINKS_SECRET',
      description: 'Keys that sign unsubscribe links: the first signs, all are accepted.',
      generate: { secretStringTemplate: '{"keys":[]}', generateStringKey: 'unused' },
    });

    if (stage.domain !== undefined) this.#signFor(stage.domain, removalPolicy);
    new CfnOutput(this, 'ScenarioBucket', { value: this.scenarios.bucketName });
    new CfnOutput(this, 'LetterBucket', { value: this.letters.bucketName });
    new CfnOutput(this, 'EventsTable', { value: this.events.table.tableName });
    new CfnOutput(this, 'CatalogTable', { value: this.catalog.table.tableName });
    new CfnOutput(this, 'CustomersTable', { value: this.customers.table.tableName });
  }

  /** DNS records hang on the identity: made anew it has others, so it stays with the data. */
  #signFor(domain: string, removalPolicy: RemovalPolicy): void {
    const identity = new EmailIdentity(this, 'domain', {
      identity: Identity.domain(domain),
      mailFromDomain: `bounce.${domain}`,
    });
    identity.applyRemovalPolicy(removalPolicy);
    for (const [place, { name, value }] of identity.dkimRecords.entries()) {
      new CfnOutput(this, `DkimRecord${place + 1}`, { value: `${name} CNAME ${value}` });
    }
  }
}
