import type { Node } from 'constructs';

export type StageName = 'production' | 'staging' | 'local';

/** Requests a second, and how many at once above that. */
export interface Throttle {
  perSecond: number;
  burst: number;
}

/** How often work on a queue is tried. */
export interface Turns {
  /** The reader is stopped after that. */
  timeoutSeconds: number;
  /** What was not finished is handed out again after that: six times the timeout, as AWS asks. */
  retrySeconds: number;
  /** So often, then it is a dead letter. */
  maxReceives: number;
}

/** What a shop says of its own stage, under `enishi` in cdk.context.json; a local stage needs none of it. */
export interface ShopSettings {
  /** The domain mails come from, `shop.example`; SES signs for it. Without it nothing can be sent. */
  domain?: string;
  /** Who gets the alarms. */
  alarmEmail?: string;
  /** A name of the shop's own for the HTTP API, so that unsubscribe links outlive a rebuilt stack. */
  apiDomain?: { name: string; certificateArn: string };
}

/** One stage of Enishi: the only place where stages differ. */
export interface Stage extends ShopSettings {
  name: StageName;
  /** Tables, keys, secrets and buckets stay when their stack goes, and no stack goes by mistake. */
  isKept: boolean;
  /** Whether `cdk bootstrap` left roles to deploy with; else the caller's own credentials do it. */
  hasDeployRoles: boolean;
  /** Buckets and topics refuse plain HTTP. */
  requiresTls: boolean;
  /** Where customers reach us; the HTTP API's own address when absent. */
  publicUrl?: string;
  lineApiBase?: string;
  sesEndpoint?: string;
  /** `turnable`: the clock is read from the catalog table and tools may turn it. Production's can't be turned. */
  clock?: 'turnable';
  /** From a publication until it holds: longer than any function keeps an old manifest. */
  effectDelaySeconds: number;
  logDays: number;
  /** Of AWS's 1,769 MB a vCPU. */
  memoryMegabytes: { receive: number; advance: number; ring: number; send: number; publish: number; learn: number };
  throttles: { events: Throttle; carts: Throttle; line: Throttle; products: Throttle; links: Throttle };
  /** How many readers of a queue run at once, 2 at least. One sends about ten mails a second; one rings a hundred alarms; one has five calls open. */
  atOnce: { email: number; line: number; ring: number; intake: number; outside: number; call: number };
  queues: { send: Turns; ring: Turns; intake: Turns; publish: Turns; coupon: Turns; call: Turns };
}

const COMMON = {
  hasDeployRoles: true,
  requiresTls: true,
  effectDelaySeconds: 180,
  logDays: 90,
  memoryMegabytes: { receive: 512, advance: 1769, ring: 512, send: 1024, publish: 1769, learn: 3008 },
  throttles: {
    events: { perSecond: 200, burst: 400 },
    carts: { perSecond: 500, burst: 1000 },
    line: { perSecond: 500, burst: 1000 },
    products: { perSecond: 20, burst: 40 },
    links: { perSecond: 100, burst: 200 },
  },
  atOnce: { email: 5, line: 5, ring: 5, intake: 5, outside: 2, call: 10 },
  queues: {
    // An hour in all: a send whose claim another holds waits out its lease of 10 minutes.
    send: { timeoutSeconds: 60, retrySeconds: 360, maxReceives: 10 },
    ring: { timeoutSeconds: 30, retrySeconds: 180, maxReceives: 10 },
    intake: { timeoutSeconds: 30, retrySeconds: 180, maxReceives: 10 },
    publish: { timeoutSeconds: 120, retrySeconds: 720, maxReceives: 3 },
    // Who waits for a code asks anew every hour.
    coupon: { timeoutSeconds: 30, retrySeconds: 180, maxReceives: 3 },
    // Five tries in each turn; scenarios wait an hour at most.
    call: { timeoutSeconds: 60, retrySeconds: 360, maxReceives: 12 },
  },
} as const;

/** Nobody waits minutes for a second try on this machine. */
const QUICK: Turns = { timeoutSeconds: 10, retrySeconds: 10, maxReceives: 100 };

/** The stage asked for with `-c stage=...` (production without it) and what the shop said of it. Throws RangeError for a name or a setting that does not exist. */
export function stageFrom(context: Pick<Node, 'tryGetContext'>): Stage {
  const name: unknown = context.tryGetContext('stage') ?? 'production';
  switch (name) {
    case 'production':
      return { ...COMMON, name, isKept: true, ...shopSettings(context, name) };
    case 'staging':
      return { ...COMMON, name, isKept: false, logDays: 14, ...shopSettings(context, name) };
    case 'local':
      return localStage(Number(context.tryGetContext('port') ?? 8400));
    default:
      throw new RangeError(`there is no stage ${String(name)}: -c stage=production, staging or local`);
  }
}

/** Five ports in a row: AWS's endpoint, the HTTP API, LINE, SES, the inbox behind it. */
function localStage(port: number): Stage {
  const address = (place: number) => `http://127.0.0.1:${port + place}`;
  return {
    ...COMMON,
    name: 'local',
    hasDeployRoles: false,
    requiresTls: false,
    isKept: false,
    publicUrl: address(1),
    lineApiBase: address(2),
    sesEndpoint: address(3),
    clock: 'turnable',
    effectDelaySeconds: 0,
    logDays: 1,
    queues: {
      send: QUICK,
      ring: QUICK,
      intake: QUICK,
      publish: { ...QUICK, timeoutSeconds: 60, retrySeconds: 60 },
      coupon: QUICK,
      // Who waits for a clock to be turned does not wait for a system that is down.
      call: { timeoutSeconds: 60, retrySeconds: 60, maxReceives: 1 },
    },
  };
}

const CHECKS: { [K in keyof Required<ShopSettings>]: (value: unknown) => boolean } = {
  domain: (value) => typeof value === 'string' && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value),
  alarmEmail: (value) => typeof value === 'string' && /^[^@\s]+@[^@\s]+$/.test(value),
  apiDomain: (value) => {
    const { name, certificateArn } = (value ?? {}) as Partial<Record<string, unknown>>;
    return typeof name === 'string' && typeof certificateArn === 'string' && certificateArn.startsWith('arn:');
  },
};

function shopSettings(context: Pick<Node, 'tryGetContext'>, stage: StageName): ShopSettings {
  const all = (context.tryGetContext('enishi') ?? {}) as Partial<Record<string, Record<string, unknown>>>;
  const told = all[stage] ?? {};
  for (const [name, value] of Object.entries(told)) {
    const isRight = Object.hasOwn(CHECKS, name) && CHECKS[name as keyof ShopSettings](value);
    if (!isRight)
      throw new RangeError(`cdk.context.json: enishi.${stage}.${name} is not a setting, or not of its form`);
  }
  return told;
}
