import { createHmac } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { createHashes } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCatalog } from '#adapters/dynamodb/catalog.ts';
import { createCustomers } from '#adapters/dynamodb/customers.ts';
import type { Arrival } from '#adapters/dynamodb/event-item.ts';
import { createInterests } from '#adapters/dynamodb/interests.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createRecommendations } from '#adapters/dynamodb/recommendations.ts';
import { createSends } from '#adapters/dynamodb/sends.ts';
import { createSurveyBook } from '#adapters/dynamodb/survey-book.ts';
import { createSchedulerClient, createSchedules } from '#adapters/scheduler/alarms.ts';
import { createMailer } from '#adapters/ses/mailer.ts';
import { createDelayedAlarms } from '#adapters/sqs/delayed-alarms.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { createDeadLetters, createIntakeQueue, createSendQueue } from '#adapters/sqs/queues.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { asInstant, type CustomerId, type Instant, plus } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { ProgrammeStore, SendJob, SendQueue } from '#core/ports/outward.ts';
import type { Programme } from '#core/programme.ts';
import { createAlarms } from '#functions/_shared/alarms.ts';
import { createHandler as createAdvance } from '#functions/advance-customers/handler.ts';
import { createHandler as createCartReceiver } from '#functions/receive-cart-webhook/handler.ts';
import { createHandler as createReceiver } from '#functions/receive-events/handler.ts';
import { createHandler as createRing } from '#functions/ring-alarms/handler.ts';
import { createHandler as createSendEmail } from '#functions/send-email/handler.ts';
import { Meter } from './meter.ts';

const SECRET = 'a secret of the bench';
const SERVER_KEY = 'bench-server-key-0123456789abcdef0123';
const LINK_KEY = { id: 'k1', secret: 'a signing key of the bench' };
export const SHOP = 'bench';

/** The real handlers and adapters over an AWS endpoint, with the stream and the queues' polling done by hand, so that only our calls count. */
export class Rig {
  readonly meter: Meter;
  readonly #stream: CrmEvent[] = [];
  readonly #jobs: SendJob[] = [];
  readonly #rings: { customerId: CustomerId; at: Instant }[] = [];
  now: Instant = asInstant('2026-11-24T01:00:00.000Z');
  programme: Programme;
  readonly handlers: ReturnType<typeof handlersOf>;
  #receipts = 0;

  private constructor(meter: Meter, programme: Programme, places: Places) {
    this.meter = meter;
    this.programme = programme;
    this.handlers = handlersOf(this, places);
  }

  /** `endpoint`: MiniStack without IAM. Makes tables, queues and an identity of its own. */
  static async over(endpoint: string, programme: Programme): Promise<Rig> {
    const places = await makePlaces(endpoint);
    const meter = await Meter.before(endpoint);
    return new Rig(meter, programme, { ...places, endpoint: meter.url });
  }

  /** Watches what goes through the ports: a put is a stream record, a queued job is polled. */
  watch(mailbox: Mailbox): Mailbox {
    return {
      ...mailbox,
      put: async (event) => {
        const put = await mailbox.put(event);
        if (put === 'new') this.#stream.push(event as CrmEvent);
        return put;
      },
    };
  }

  watchQueue(queue: SendQueue): SendQueue {
    return {
      enqueue: async (jobs) => {
        await queue.enqueue(jobs);
        this.#jobs.push(...jobs);
      },
    };
  }

  watchAlarm(customerId: CustomerId, at: Instant): void {
    this.#rings.push({ customerId, at });
  }

  /** One signed webhook. */
  async webhook(topic: string, body: object): Promise<void> {
    const rawBody = Buffer.from(JSON.stringify(body));
    const signature = createHmac('sha256', SECRET).update(rawBody).digest('base64');
    const headers = { 'x-shopify-topic': topic, 'x-shopify-hmac-sha256': signature, 'x-shopify-shop-domain': SHOP };
    const request = {
      method: 'POST',
      path: `/v1/carts/shopify/${SHOP}`,
      pathParameters: { shop: SHOP },
      query: {},
      headers,
      rawBody,
    };
    const answer = await this.handlers.cart(request);
    if (answer.status !== 202) throw new Error(`webhook answered ${answer.status}`);
  }

  /** One POST /v1/events. */
  async post(body: object): Promise<void> {
    const rawBody = Buffer.from(JSON.stringify(body));
    const headers = { authorization: `Bearer ${SERVER_KEY}` };
    const answer = await this.handlers.events({
      method: 'POST',
      path: '/v1/events',
      pathParameters: {},
      query: {},
      headers,
      rawBody,
    });
    if (answer.status !== 202)
      throw new Error(`POST /v1/events answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  /** Hands the stream's events to advance until no new ones come. */
  async advance(): Promise<void> {
    while (this.#stream.length > 0) {
      const events = this.#stream.splice(0);
      await this.handlers.advance(
        events.map((event): Arrival => ({ customerId: event.customerId, eventId: event.eventId, event })),
      );
    }
  }

  /** Hands the waiting jobs to the sender, ten a batch as the queue does. */
  async send(): Promise<void> {
    while (this.#jobs.length > 0) {
      const jobs = this.#jobs.splice(0, 10);
      const again = await this.handlers.sendEmail(
        jobs.map((body) => ({ id: `m${this.#receipts++}`, body, receiveCount: 1 })),
      );
      if (again.length > 0) throw new Error('a send did not end');
    }
  }

  /** Turns the clock to the alarms that were set last and rings them. */
  async ring(): Promise<void> {
    const rings = this.#rings.splice(0);
    for (const { at } of rings) if (at > this.now) this.now = at;
    await this.handlers.ring(
      rings.map(({ customerId, at }, i) => ({ id: `r${i}`, body: { customerId, dueAt: at }, receiveCount: 1 })),
    );
  }

  later(seconds: number): void {
    this.now = plus(this.now, seconds * 1000);
  }

  /** Forgets what waits, so that the next figure begins clean. */
  clear(): void {
    this.#stream.length = 0;
    this.#jobs.length = 0;
    this.#rings.length = 0;
  }
}

interface Places {
  endpoint: string;
  queues: { email: string; alarm: string; intake: string; refused: string };
}

async function makePlaces(endpoint: string): Promise<Places> {
  const dynamo = createDynamoClient(endpoint);
  const keys = { events: ['customerId', 'eventId'], customers: ['customerId'], sends: ['messageId'] };
  for (const [TableName, names] of Object.entries(keys)) {
    await dynamo.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: names.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' })),
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      }),
    );
  }
  const sqs = createSqsClient(endpoint);
  const queue = async (QueueName: string) => (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
  const queues = {
    email: await queue('email'),
    alarm: await queue('alarm'),
    intake: await queue('intake'),
    refused: await queue('refused'),
  };
  await createSchedulerClient(endpoint).send(new CreateScheduleGroupCommand({ Name: 'bench' }));
  await new SESv2Client({ endpoint }).send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.jp' }));
  return { endpoint, queues };
}

function handlersOf(rig: Rig, { endpoint, queues }: Places) {
  const hashes = createHashes('the address key of the bench');
  const dynamo = createDynamoClient(endpoint);
  const sqs = createSqsClient(endpoint);
  const mailbox = rig.watch(createMailbox(dynamo, 'events'));
  const customers = createCustomers(dynamo, 'customers');
  const clock: Clock = { now: async () => rig.now, wallFor: async (at) => plus(at, Date.now() - Date.parse(rig.now)) };
  const programmes: ProgrammeStore = {
    load: async () => rig.programme,
    survey: async () => undefined,
    template: async (id, version) => ({
      id,
      version,
      mail: { subject: 'お礼', preheader: '', html: '<p>{{ customer.name }}さま</p>', text: '{{ customer.name }}さま' },
    }),
  };
  const schedule = createSchedules(createSchedulerClient(endpoint), {
    group: 'bench',
    roleArn: 'arn:aws:iam::000000000000:role/bench',
    alarmQueueArn: 'arn:aws:sqs:ap-northeast-1:000000000000:alarm',
  });
  const set = createAlarms({ clock, schedule, delay: createDelayedAlarms(sqs, queues.alarm) });
  const alarms = {
    set: async (wishes: Parameters<typeof set.set>[0]) => {
      await set.set(wishes);
      for (const { customerId, at } of wishes) rig.watchAlarm(customerId, at);
    },
  };
  const intake = { mailbox, intakeQueue: createIntakeQueue(sqs, queues.intake), clock, hashes: async () => hashes };
  return {
    events: createReceiver({ ...intake, serverKeys: async () => [SERVER_KEY] }),
    cart: createCartReceiver({ ...intake, shopifySecrets: async () => ({ [SHOP]: [SECRET] }) }),
    advance: createAdvance({
      customers,
      mailbox,
      programmes,
      alarms,
      interests: createInterests(dynamo, 'catalog'),
      surveys: createSurveyBook(dynamo, 'catalog'),
      hashes,
      clock,
      sends: rig.watchQueue(createSendQueue(sqs, { email: queues.email })),
      coupons: { enqueue: async () => undefined },
      calls: { enqueue: async () => undefined },
      deadLetters: createDeadLetters(sqs, queues.refused),
    }),
    ring: createRing({ mailbox, clock, hashes, pacer: { take: async () => undefined } }),
    sendEmail: createSendEmail({
      customers,
      mailbox,
      programmes,
      catalog: createCatalog(dynamo, 'catalog'),
      surveys: createSurveyBook(dynamo, 'catalog'),
      recommendations: createRecommendations(dynamo, 'catalog'),
      clock,
      hashes,
      sends: createSends(dynamo, 'sends'),
      mailer: createMailer({ configurationSet: 'bench', endpoint }),
      linkKeys: async () => [LINK_KEY],
      publicUrl: 'https://api.example.jp',
    }),
  };
}
