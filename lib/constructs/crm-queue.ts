import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage, Turns } from '../stage.ts';
import type { CrmFunction } from './crm-function.ts';

/** As long as SQS keeps anything: a dead letter waits for a person. */
const KEPT = Duration.days(14);

/** FIFO; two messages that say the same within five minutes are one. */
const SERIAL = { fifo: true, contentBasedDeduplication: true };

export interface CrmQueueProps {
  stage: Stage;
  turns: Turns;
  /** The environment variable in which functions find the queue's address. @default no function sends to it */
  env?: string;
  /** Hands out one batch after another, never two at once. @default false */
  isSerial?: boolean;
}

/** A queue with its dead letters. Who is let send gets the permission and the address at once. */
export class CrmQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetters;
  readonly #env: string | undefined;

  constructor(scope: Construct, id: string, { stage, turns, env, isSerial = false }: CrmQueueProps) {
    super(scope, id);
    this.#env = env;
    this.deadLetters = new DeadLetters(this, 'dead-letters', { stage, isSerial });
    this.queue = new Queue(this, 'queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: stage.requiresTls,
      visibilityTimeout: Duration.seconds(turns.retrySeconds),
      retentionPeriod: KEPT,
      ...(isSerial ? SERIAL : {}),
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: turns.maxReceives },
    });
  }

  letSend(fn: CrmFunction): void {
    letSend(fn, this.queue, this.#env);
  }

  /** Hands messages to a function, whose alarm rings at the first dead letter. Only what failed of a batch comes again. */
  feed(fn: CrmFunction, options: { batchSize: number; windowSeconds?: number; atOnce?: number }): void {
    const { batchSize, windowSeconds, atOnce } = options;
    fn.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        reportBatchItemFailures: true,
        ...(windowSeconds === undefined ? {} : { maxBatchingWindow: Duration.seconds(windowSeconds) }),
        ...(atOnce === undefined ? {} : { maxConcurrency: atOnce }),
      }),
    );
    this.deadLetters.ring(fn);
  }
}

export interface DeadLettersProps {
  stage: Stage;
  /** @default no function sends to it */
  env?: string;
  /** As the queue it is for. @default false */
  isSerial?: boolean;
}

/** Where what could not be done waits for a person; it has no reader and no dead letters of its own. */
export class DeadLetters extends Construct {
  readonly queue: Queue;
  readonly #env: string | undefined;

  constructor(scope: Construct, id: string, { stage, env, isSerial = false }: DeadLettersProps) {
    super(scope, id);
    this.#env = env;
    this.queue = new Queue(this, 'queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: stage.requiresTls,
      retentionPeriod: KEPT,
      ...(isSerial ? SERIAL : {}),
    });
  }

  letSend(fn: CrmFunction): void {
    letSend(fn, this.queue, this.#env);
  }

  /** Makes the first letter ring the alarm of the function it is from. */
  ring(fn: CrmFunction): void {
    fn.ringWhen(this.depth);
  }

  /** How many letters lie here. */
  get depth() {
    return this.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' });
  }
}

function letSend(fn: CrmFunction, queue: IQueue, env: string | undefined): void {
  if (env === undefined) throw new RangeError('this queue has no name in the environment');
  fn.addEnvironment(env, queue.queueUrl);
  fn.may(['sqs:SendMessage'], [queue.queueArn]);
}
