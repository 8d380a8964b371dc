import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import type { CrmFunction } from './crm-function.ts';

export interface CrmTableProps {
  stage: Stage;
  key: IKey;
  /** The environment variable in which functions find the table's name. */
  env: string;
  partitionKey: string;
  sortKey?: string;
  /** What a function that reads may do; actions of dynamodb. @default nobody reads */
  reads?: string[];
  /** What a function that writes may do. */
  writes: string[];
  /** Rows go when this is over. @default false */
  expires?: boolean;
  /** @default false */
  hasStream?: boolean;
  /** Can be brought back to any second of the last 35 days. @default false */
  hasRecovery?: boolean;
  /** An index of keys only. */
  index?: { name: string; partitionKey: string; sortKey: string };
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** A table that introduces itself: who is let in gets the permission and the name at once. */
export class CrmTable extends Construct {
  readonly table: Table;
  readonly #props: CrmTableProps;

  constructor(scope: Construct, id: string, props: CrmTableProps) {
    super(scope, id);
    this.#props = props;
    const { stage, sortKey, index } = props;
    this.table = new Table(this, 'table', {
      partitionKey: text(props.partitionKey),
      ...(sortKey === undefined ? {} : { sortKey: text(sortKey) }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.hasRecovery ?? false },
      deletionProtection: stage.isKept,
      removalPolicy: stage.isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(props.hasStream ? { stream: StreamViewType.NEW_IMAGE } : {}),
      ...(props.expires ? { timeToLiveAttribute: 'expiresAt' } : {}),
    });
    if (index !== undefined) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
  }

  /** The table as event sources want it: under exactOptionalPropertyTypes the CDK's own class is no ITable. */
  get streamed(): ITable {
    return this.table as ITable;
  }

  /** Lets a function read, and with `more` in ways that only it needs. */
  letRead(fn: CrmFunction, ...more: string[]): void {
    this.#let(fn, [...(this.#props.reads ?? []), ...more], [this.table.tableArn]);
  }

  /** Lets a function write, and with `more` in ways that only it needs; it can't read by that. */
  letWrite(fn: CrmFunction, ...more: string[]): void {
    this.#let(fn, [...this.#props.writes, ...more], [this.table.tableArn]);
    this.#letUseKey(fn, ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*']);
  }

  /** Lets a function ask the index, and not the table. */
  letAskIndex(fn: CrmFunction): void {
    this.#let(fn, ['dynamodb:Query'], [`${this.table.tableArn}/index/${this.#props.index?.name ?? '*'}`]);
  }

  /** Lets a function read only rows of that partition. */
  letReadOnly(fn: CrmFunction, partition: string): void {
    const conditions = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [partition] } };
    this.#let(fn, ['dynamodb:GetItem'], [this.table.tableArn], conditions);
  }

  /** Lets a function do these things with rows whose partition begins so, and with no others. */
  letUseOnly(fn: CrmFunction, begins: string, actions: string[]): void {
    const conditions = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${begins}*`] } };
    this.#let(fn, actions, [this.table.tableArn], conditions);
    this.#letUseKey(fn, ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*']);
  }

  #let(fn: CrmFunction, actions: string[], resources: string[], conditions: Record<string, unknown> = {}): void {
    fn.addEnvironment(this.#props.env, this.table.tableName);
    fn.may(actions, resources, conditions);
    this.#letUseKey(fn, ['kms:Decrypt', 'kms:DescribeKey']);
  }

  /** DynamoDB opens the table's key with the caller's own permissions. */
  #letUseKey(fn: CrmFunction, actions: string[]): void {
    const service = `dynamodb.${Stack.of(fn).region}.amazonaws.com`;
    fn.may(actions, [this.#props.key.keyArn], { StringEquals: { 'kms:ViaService': service } });
  }
}
