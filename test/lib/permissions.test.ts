import { describe, expect, test } from '@jest/globals';
import { functionsOf, ofType, permissionsOf, statementsOf, synthesize, whoMay } from '#test/support/stacks.ts';

const stacks = synthesize('production', { domain: 'shop.example', alarmEmail: 'ops@shop.example' });
const all = [...functionsOf(stacks, 'production').keys()].sort();
const may = (action: RegExp, part: string) => whoMay(stacks, 'production', action, part);
const SENDERS = ['send-email', 'send-line', 'send-postal'];
const RECEIVERS = [
  'answer-unsubscribe',
  'receive-cart-webhook',
  'receive-email-event',
  'receive-events',
  'receive-line-webhook',
  'receive-queued-events',
];

describe('customers', () => {
  test('are written by advance-customers alone', () => {
    expect(may(/PutItem|UpdateItem|DeleteItem|BatchWrite|PartiQL(Insert|Update|Delete)/, 'customerstable')).toEqual([
      'advance-customers',
    ]);
  });

  test('are read by who decides and who sends; the sweep sees the keys in the index and no row', () => {
    const reading = /Get|Scan|Query|PartiQLSelect/;
    expect(may(reading, 'customerstable')).toEqual([
      'advance-customers',
      'call-webhooks',
      'learn-recommendations',
      ...SENDERS,
      'spread-programme',
      'sweep-alarms',
    ]);
    const sweep = permissionsOf(stacks, 'production').get('sweep-alarms')!;
    const onCustomers = sweep.filter(({ Resource }) => JSON.stringify(Resource).includes('customerstable'));
    expect(onCustomers.map(({ Action }) => Action)).toEqual([['dynamodb:Query']]);
    expect(JSON.stringify(onCustomers[0]!.Resource)).toContain('/index/byAlarm');
  });
});

describe('mailboxes', () => {
  test('are only ever added to', () => {
    expect(may(/UpdateItem|DeleteItem|PartiQL/, 'eventstable')).toEqual([]);
    const others = ['publish-programme', 'hand-over-letters', 'learn-recommendations', 'receive-products'];
    expect(may(/PutItem/, 'eventstable')).toEqual(all.filter((name) => !others.includes(name)));
  });

  test('are read back only by the senders, which settle what became of a lost answer', () => {
    expect(may(/Get(Item)|Query|Scan|PartiQLSelect/, 'eventstable')).toEqual(SENDERS);
  });
});

test('a claim to send is made by senders alone, and one to call by who calls', () => {
  expect(may(/.*/, 'sendstable')).toEqual(['call-webhooks', ...SENDERS]);
});

test('the programme is written by the publisher alone, and how far word of it has come by who takes it there; others write rows of their own kind', () => {
  const partitionsOf = (name: string): string[] =>
    permissionsOf(stacks, 'production')
      .get(name)!
      .filter(({ Action, Resource }) => isWriting(Action) && JSON.stringify(Resource).includes('catalogtable'))
      .flatMap(({ Condition }) => JSON.stringify(Condition ?? 'all rows').match(/[a-z]+#\*|all rows/g) ?? []);
  const isWriting = (actions: string[]) => actions.some((action) => WRITING.test(action));
  const WRITING = /PutItem|UpdateItem|DeleteItem|BatchWrite|PartiQL/;
  const writers = Object.fromEntries(may(WRITING, 'catalogtable').map((name) => [name, partitionsOf(name)]));
  expect(writers).toEqual({
    'advance-customers': ['interest#*', 'survey#*'],
    'issue-coupons': ['coupon#*'],
    'learn-recommendations': ['product#*', 'popular#*'],
    'publish-programme': ['all rows'],
    'receive-products': ['product#*'],
    'send-email': ['survey#*'],
    'send-line': ['survey#*'],
    'send-postal': ['survey#*'],
    'spread-programme': ['all rows'],
    'tell-interested': ['told#*'],
  });
});

test('who gives out coupons can touch nothing in the catalog but coupons, and knows no customer', () => {
  const statements = permissionsOf(stacks, 'production').get('issue-coupons')!;
  const onCatalog = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('catalogtable'));
  expect(onCatalog.map(({ Condition }) => Condition)).toEqual([
    { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['coupon#*'] } },
  ]);
  expect(may(/.*/, 'customerstable')).not.toContain('issue-coupons');
});

test('who receives for a shop can read neither customers nor claims nor the programme', () => {
  for (const table of ['customerstable', 'sendstable', 'catalogtable']) {
    expect(may(/.*/, table).filter((name) => RECEIVERS.includes(name))).toEqual([]);
  }
});

test('what marketers upload is read by the publisher alone, and it writes only its reports beside it', () => {
  expect(may(/s3:/, 'scenarios')).toEqual(['publish-programme']);
  const writes = permissionsOf(stacks, 'production')
    .get('publish-programme')!
    .filter(({ Action }) => Action.some((action) => /Put|Delete/.test(action) && action.startsWith('s3:')));
  expect(writes.length).toBeGreaterThan(0);
  for (const { Resource } of writes) {
    for (const one of Resource) expect(JSON.stringify(one)).toMatch(/\/reports\/\*/);
  }
});

describe('letters', () => {
  const bucket = 'letters';
  const writes = (action: RegExp, part: string) =>
    [...permissionsOf(stacks, 'production')]
      .filter(([, statements]) =>
        statements.some(
          ({ Action, Resource }) =>
            Action.some((one) => action.test(one)) && Resource.some((one) => JSON.stringify(one).includes(part)),
        ),
      )
      .map(([name]) => name);
  test('are laid down by send-postal, which can read none, and handed over by hand-over-letters alone', () => {
    expect(may(/s3:/, bucket)).toEqual(['hand-over-letters', 'send-postal']);
    expect(may(/s3:(Get|List|Delete)/, bucket)).toEqual(['hand-over-letters']);
    expect(writes(/s3:PutObject/, '/rows/*')).toEqual(['send-postal']);
    expect(writes(/s3:PutObject/, '/postal/*')).toEqual(['hand-over-letters']);
    expect(may(/.*/, 'customerstable')).not.toContain('hand-over-letters');
  });
});

describe('mail', () => {
  test('is sent by send-email alone, from the shop’s own domain and with its configuration set', () => {
    const senders = [...permissionsOf(stacks, 'production')].filter(([, statements]) =>
      statements.some(({ Action }) => Action.some((action) => action.startsWith('ses:'))),
    );
    expect(senders.map(([name]) => name)).toEqual(['send-email']);
    const [statement] = senders[0]![1].filter(({ Action }) => Action.some((action) => action.startsWith('ses:')));
    expect(statement!.Action).toEqual(['ses:SendEmail']);
    expect(statement!.Condition).toEqual({ StringLike: { 'ses:FromAddress': '*@shop.example' } });
    const resources = statement!.Resource.map((one) => JSON.stringify(one)).sort();
    expect(resources).toHaveLength(2);
    expect(resources[0]).toContain('configuration-set/enishi-production');
    expect(resources[1]).toContain('identity/*');
  });
});

describe('secrets', () => {
  const readersOf = (secret: string) => may(/secretsmanager:GetSecretValue/, `enishi/production/${secret}-??????`);

  test('are each read by those who need them', () => {
    expect(readersOf('intake-keys')).toEqual(['receive-cart-webhook', 'receive-events', 'receive-products']);
    expect(readersOf('line-keys')).toEqual(['receive-line-webhook', 'send-line']);
    const webhooks = may(/secretsmanager:GetSecretValue/, 'enishi/production/webhook-*');
    expect(webhooks).toEqual(['call-webhooks']);
    expect(readersOf('link-keys')).toEqual(['answer-survey', 'answer-unsubscribe', 'send-email', 'send-line']);
    const named = [...RECEIVERS.filter((name) => name !== 'receive-queued-events'), ...SENDERS, 'advance-customers'];
    expect(readersOf('address-key')).toEqual(named.sort());
  });

  test('are written by nobody', () => {
    expect(may(/secretsmanager:(?!GetSecretValue$)/, '')).toEqual([]);
  });
});

describe('alarms', () => {
  test('are set by advance-customers alone, in the stage’s own group, with the one role of the scheduler', () => {
    expect(may(/scheduler:/, '')).toEqual(['advance-customers']);
    const statements = permissionsOf(stacks, 'production').get('advance-customers')!;
    const [create] = statements.filter(({ Action }) => Action.includes('scheduler:CreateSchedule'));
    expect(create!.Action).toEqual(['scheduler:CreateSchedule']);
    expect(JSON.stringify(create!.Resource)).toContain('schedule/enishi-production/*');
    const [pass] = statements.filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(pass!.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } });
  });

  test('ring through a role that only the scheduler of this account may take, and that only fills the alarm queue', () => {
    const roles = ofType(stacks, 'AWS::IAM::Role').filter(([, role]) =>
      JSON.stringify(role.Properties.AssumeRolePolicyDocument).includes('scheduler.amazonaws.com'),
    );
    expect(roles).toHaveLength(1);
    const [[id, role]] = roles as [(typeof roles)[0]];
    const [trust] = statementsOf(role.Properties.AssumeRolePolicyDocument);
    expect(Object.keys(trust!.Condition!.StringEquals!).sort()).toEqual(['aws:SourceAccount', 'aws:SourceArn']);
    const policies = ofType(stacks, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
      JSON.stringify(Properties.Roles).includes(id.slice('app/'.length)),
    );
    const statements = policies.flatMap(([, { Properties }]) => statementsOf(Properties.PolicyDocument));
    expect(statements.map(({ Action }) => Action)).toEqual([['sqs:SendMessage']]);
    expect(JSON.stringify(statements[0]!.Resource)).toContain('alarmqueue');
  });
});

describe('no function', () => {
  test('may do anything to everything, nor any action by a star, but list the streams, which AWS grants no other way', () => {
    for (const [name, statements] of permissionsOf(stacks, 'production')) {
      for (const { Action, Resource } of statements) {
        const stars = Action.filter((action) => action.includes('*') && !action.startsWith('kms:'));
        expect([name, stars]).toEqual([name, []]);
        if (Resource.includes('*')) expect([name, Action]).toEqual(['advance-customers', ['dynamodb:ListStreams']]);
      }
    }
  });

  test('carries a policy that AWS manages, with more in it than it needs', () => {
    const managed = ofType(stacks, 'AWS::IAM::Role').filter(([, { Properties }]) => Properties.ManagedPolicyArns);
    expect(managed).toEqual([]);
  });

  test('can do more on another stage than here, except read where the clock of this machine was turned to', () => {
    const local = permissionsOf(synthesize('local'), 'local');
    const actions = (statements: { Action: string[] }[] = []) =>
      [...new Set(statements.flatMap(({ Action }) => Action))].sort();
    for (const [name, statements] of permissionsOf(stacks, 'production')) {
      const more = actions(local.get(name)).filter((action) => !actions(statements).includes(action));
      expect([name, more.filter((action) => action !== 'dynamodb:GetItem')]).toEqual([name, []]);
    }
  });
});
