import { Duration, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { ConfigurationSet, EmailSendingEvent, EventDestination, SuppressionReasons } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { CapabilityProps } from './app-stack.ts';
import type { Route } from './constructs/crm-api.ts';
import { CrmFunction } from './constructs/crm-function.ts';
import { CrmQueue, DeadLetters } from './constructs/crm-queue.ts';
import type { Intake } from './intake.ts';

export interface DeliveryProps extends CapabilityProps {
  intake: Intake;
  /** Where unsubscribe links lead, no slash at the end. */
  publicUrl: string;
}

/** Messages on their way out, what SES tells of them, and the way to be left alone. */
export class Delivery extends Construct {
  readonly routes: Route[];
  readonly #email: CrmQueue;
  readonly #line: CrmQueue;
  readonly #postal: CrmQueue;

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const { stage } = props;
    const turns = stage.queues.send;
    this.#email = new CrmQueue(this, 'email-queue', { stage, turns, env: 'SEND_EMAIL_QUEUE_URL' });
    this.#postal = new CrmQueue(this, 'postal-queue', { stage, turns, env: 'SEND_POSTAL_QUEUE_URL' });
    this.#line = new CrmQueue(this, 'line-queue', { stage, turns, env: 'SEND_LINE_QUEUE_URL' });
    this.#sendEmail(props);
    this.#sendLine(props);
    this.#sendPostal(props);
    this.#handOverLetters(props);
    this.#receiveEmailEvent(props);
    this.routes = [this.#answerUnsubscribe(props)];
  }

  /** Lets a function put messages on their way. */
  letSend(fn: CrmFunction): void {
    this.#email.letSend(fn);
    this.#line.letSend(fn);
    this.#postal.letSend(fn);
  }

  #sendEmail(props: DeliveryProps): void {
    const { stage, data } = props;
    const fn = this.#sender('send-email', props, 'Customers in a scenario do not get their next mail.');
    const set = new ConfigurationSet(this, 'configuration-set', {
      configurationSetName: configurationSet(props),
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
      reputationMetrics: true,
    });
    set.addEventDestination('events', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'default-bus', 'default')),
      events: Object.values(EmailSendingEvent),
    });
    fn.addEnvironment('CONFIGURATION_SET', configurationSet(props));
    fn.addEnvironment('PUBLIC_URL', props.publicUrl);
    if (stage.sesEndpoint !== undefined) fn.addEnvironment('SES_ENDPOINT', stage.sesEndpoint);
    data.linkKeys.letRead(fn);
    const ses = Stack.of(this).formatArn({ service: 'ses', resource: '' });
    // In the sandbox SES also asks whether the recipient's own identity may be used; the sender's domain is what we hold it to.
    const from = stage.domain === undefined ? {} : { StringLike: { 'ses:FromAddress': `*@${stage.domain}` } };
    fn.may(['ses:SendEmail'], [`${ses}identity/*`, `${ses}configuration-set/${configurationSet(props)}`], from);
    this.#email.feed(fn, { batchSize: 10, atOnce: stage.atOnce.email });
  }

  #sendLine(props: DeliveryProps): void {
    const { stage, data } = props;
    const fn = this.#sender('send-line', props, 'Customers in a scenario do not get their next LINE message.');
    if (stage.lineApiBase !== undefined) fn.addEnvironment('LINE_API_BASE', stage.lineApiBase);
    data.lineKeys.letRead(fn);
    data.linkKeys.letRead(fn);
    fn.addEnvironment('PUBLIC_URL', props.publicUrl);
    this.#line.feed(fn, { batchSize: 10, atOnce: stage.atOnce.line });
  }

  #sendPostal(props: CapabilityProps): void {
    const { stage, data } = props;
    const fn = this.#sender('send-postal', props, 'Customers in a scenario do not get their next letter.');
    fn.addEnvironment('LETTER_BUCKET', data.letters.bucketName);
    fn.may(['s3:PutObject'], [data.letters.arnForObjects('rows/*')]);
    letUseKey(fn, data.letters, ['kms:GenerateDataKey']);
    this.#postal.feed(fn, { batchSize: 10, atOnce: stage.atOnce.outside });
  }

  #handOverLetters({ stage, data, alarms }: CapabilityProps): void {
    const { letters } = data;
    const fn = new CrmFunction(this, 'hand-over-letters', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.send,
      timeoutSeconds: 600,
      impact: "The printer does not get the letters of the day before: they lie in the letters' bucket and wait.",
    });
    fn.addEnvironment('LETTER_BUCKET', letters.bucketName);
    data.catalog.letRead(fn);
    fn.may(['s3:ListBucket'], [letters.bucketArn]);
    fn.may(['s3:GetObject'], [letters.arnForObjects('*')]);
    fn.may(['s3:PutObject'], [letters.arnForObjects('handed/*'), letters.arnForObjects('postal/*')]);
    fn.may(['s3:DeleteObject'], [letters.arnForObjects('rows/*')]);
    letUseKey(fn, letters, ['kms:GenerateDataKey', 'kms:Decrypt']);
    fn.ringWhen(fn.metricErrors({ period: Duration.hours(1), statistic: 'Sum' }));
    new Rule(this, 'every-hour', {
      schedule: Schedule.rate(Duration.hours(1)),
      // Two at once would begin the same file twice; the next hour does the same.
      targets: [new LambdaFunction(fn, { retryAttempts: 0, maxEventAge: Duration.hours(1) })],
    });
  }

  #sender(id: string, { stage, data, alarms }: CapabilityProps, impact: string): CrmFunction {
    const memoryMegabytes = stage.memoryMegabytes.send;
    const { timeoutSeconds } = stage.queues.send;
    const fn = new CrmFunction(this, id, { stage, alarms, memoryMegabytes, timeoutSeconds, impact });
    data.customers.letRead(fn);
    data.events.letRead(fn);
    data.events.letWrite(fn);
    data.sends.letWrite(fn);
    data.catalog.letRead(fn);
    data.catalog.letUseOnly(fn, 'survey#', ['dynamodb:UpdateItem']);
    data.addressKey.letRead(fn);
    return fn;
  }

  #receiveEmailEvent(props: DeliveryProps): void {
    const { stage, data, alarms, intake } = props;
    const lost = new DeadLetters(this, 'lost-email-events', { stage });
    const fn = new CrmFunction(this, 'receive-email-event', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.receive,
      timeoutSeconds: 30,
      impact: 'Bounces and complaints are not noted: mails go on to people who must get none.',
    });
    data.events.letWrite(fn);
    data.addressKey.letRead(fn);
    intake.letQueue(fn);
    fn.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(lost.queue) });
    lost.ring(fn);
    new Rule(this, 'email-events', {
      eventPattern: {
        source: ['aws.ses'],
        // Another stage in this account has a set of its own.
        detail: { mail: { tags: { 'ses:configuration-set': [configurationSet(props)] } } },
      },
      targets: [new LambdaFunction(fn, { deadLetterQueue: lost.queue })],
    });
  }

  #answerUnsubscribe({ stage, data, alarms }: CapabilityProps): Route {
    const fn = new CrmFunction(this, 'answer-unsubscribe', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.receive,
      timeoutSeconds: 15,
      impact: 'People can not unsubscribe, which the law demands.',
    });
    data.events.letWrite(fn);
    data.addressKey.letRead(fn);
    data.linkKeys.letRead(fn);
    const methods = [HttpMethod.GET, HttpMethod.POST];
    return { path: '/u/{token}', methods, to: fn, throttle: stage.throttles.links };
  }
}

/** S3 opens a bucket's key with the caller's own permissions. */
function letUseKey(fn: CrmFunction, bucket: Bucket, actions: string[]): void {
  const conditions = { StringEquals: { 'kms:ViaService': `s3.${Stack.of(fn).region}.amazonaws.com` } };
  if (bucket.encryptionKey) fn.may(actions, [bucket.encryptionKey.keyArn], conditions);
}

const configurationSet = ({ stage }: CapabilityProps): string => `enishi-${stage.name}`;
