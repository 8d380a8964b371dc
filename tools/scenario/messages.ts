import { createRenderer, type RenderedMail } from '#adapters/liquid/render.ts';
import type { Product } from '#core/catalog/product.ts';
import type { CustomerState } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { Channel } from '#core/event/event.ts';
import { asMessageId, type Instant } from '#core/ids.ts';
import type { LineFinding } from '#core/message/line-check.ts';
import { checkLineMessages } from '#core/message/line-rules.ts';
import type { Pending } from '#core/message/pending.ts';
import { variablesOf } from '#core/message/variables.ts';
import type { Programme, Template } from '#core/programme.ts';
import type { Judgement } from '#core/publication/judge-bucket.ts';
import { programmeOf } from '#core/publication/programme-of.ts';
import { closest } from '#core/scenario/closest.ts';
import { eachStep } from '#core/scenario/lint.ts';
import type { Scenario, SendStep } from '#core/scenario/scenario.ts';
import { surveysIn } from '#core/survey/asked.ts';
import { samplesBesides, sampleValues } from './sample.ts';

/** One message as it would go out. */
export interface ShownMessage {
  step: string;
  template: string;
  channel: Channel;
  mail?: RenderedMail & { preheader: string };
  line?: { messages: unknown[]; problems: LineFinding[] };
  postal?: { columns: string[]; cells: string[] };
  /** Why it can't be shown. */
  fault?: string;
}

/** Whom the messages are filled in for; absent = the dictionary's examples. */
export interface ShownTo {
  state: CustomerState;
  products: ReadonlyMap<string, Product>;
}

/** Every message of a scenario in a judged folder, filled in; its links to the stage lead to pages that say they are none. Errors: not-found, bad-input when the scenario is refused. */
export function messagesOf(
  judgement: Judgement,
  id: string,
  to: ShownTo | undefined,
  now: Instant,
  publicUrl = 'https://example.jp',
): ShownMessage[] {
  const programme = programmeOf(judgement, [], now);
  const scenario = scenarioIn(judgement, programme, id);
  const templates = new Map(judgement.templates.map(({ content }) => [content.id, { ...content, version: 1 }]));
  const settings = judgement.settings;
  const renderer = createRenderer({ zone: () => judgement.zone, currency: () => settings.currency });
  const shown: ShownMessage[] = [];
  eachStep(scenario.steps, ['steps'], (step) => {
    if (!('send' in step)) return;
    const template = templates.get(step.send.template);
    for (const channel of template ? channelsOf(step.send, template) : []) {
      const about = { step: step.id ?? step.send.template, template: step.send.template, channel };
      const values = to
        ? valuesOf(to, scenario, step.send, about.step, channel, programme, now)
        : sampleValues(scenario, settings, now);
      shown.push({ ...about, ...filledIn(renderer, template!, channel, values, publicUrl) });
    }
  });
  return shown;
}

function scenarioIn(judgement: Judgement, programme: Programme, id: string): Scenario {
  const scenario = programme.scenario(id, 1);
  if (scenario) return scenario;
  const refused = judgement.verdicts.find((one) => one.kind === 'scenario' && one.id === id);
  if (refused)
    throw new CrmError(
      'bad-input',
      `シナリオ「${id}」に誤りがあります。npm run scenario -- check で確かめてください。(The scenario ${id} is refused: see check.)`,
    );
  const known = judgement.scenarios.map(({ content }) => content.id);
  const meant = closest(id, known);
  throw new CrmError(
    'not-found',
    `シナリオ「${id}」はありません。${meant ? `"${meant}" ではありませんか?` : `あるのは: ${known.join('、')}`}`,
  );
}

const channelsOf = (send: SendStep, template: Template): Channel[] => {
  const wanted = send.channels === 'auto' || !send.channels ? (['line', 'email'] as const) : send.channels;
  const there = { line: template.line, email: template.mail, postal: template.postal, sms: undefined };
  return wanted.filter((channel) => there[channel]);
};

/** What the sender would give to the template; what only comes with sending (a coupon, recommendations) is a sample where it is lacking. */
function valuesOf(
  { state, products }: ShownTo,
  scenario: Scenario,
  send: SendStep,
  step: string,
  channel: Channel,
  programme: Programme,
  now: Instant,
): object {
  const own = Object.entries(state.enrolments).filter(([, one]) => one.scenario === scenario.id);
  const [enrolment = ''] = own.at(-1) ?? [];
  const pending: Pending = {
    messageId: asMessageId('00000000-0000-5000-8000-000000000000'),
    enrolment: enrolment as Pending['enrolment'],
    scenario: scenario.id,
    version: 1,
    step,
    place: '',
    template: send.template,
    kind: send.kind ?? scenario.kind,
    priority: 0,
    state: 'planned',
    plannedAt: now,
    expiresAt: now,
    channels: [channel],
    channel,
    tries: 0,
  };
  const values = variablesOf(state, pending, programme, now, products);
  const sample = sampleValues(scenario, programme.manifest.settings, now);
  const isInside = enrolment !== '';
  return {
    ...samplesBesides(),
    ...values,
    product: values.product ?? sample.product,
    ...(isInside ? {} : { trigger: sample.trigger, event: sample.event }),
  };
}

function filledIn(
  renderer: ReturnType<typeof createRenderer>,
  template: Template,
  channel: Channel,
  values: object,
  publicUrl: string,
): Partial<ShownMessage> {
  const survey = Object.fromEntries(surveysIn(template).map((one) => [one, `${publicUrl}/s/test?a=`]));
  try {
    if (channel === 'line') {
      const messages = renderer.line(template, { ...values, links: { survey } });
      return { line: { messages, problems: checkLineMessages(messages) } };
    }
    if (channel === 'postal') {
      return { postal: { columns: template.postal?.columns ?? [], cells: renderer.postal(template, values) } };
    }
    const links = { unsubscribe: `${publicUrl}/u/test`, survey };
    const mail = renderer.mail(template, { ...values, links });
    // A preheader is Liquid of its own: a mail with nothing but it, filled in the same way.
    const preheader = template.mail
      ? renderer.mail(
          {
            ...template,
            id: `${template.id}#preheader`,
            mail: { ...template.mail, subject: template.mail.preheader, html: '', text: '' },
          },
          { ...values, links },
        ).subject
      : '';
    return { mail: { ...mail, preheader } };
  } catch (error) {
    if (!(error instanceof CrmError) || error.code !== 'bad-input') throw error;
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    return { fault: why.split('\n')[0] ?? '' };
  }
}
