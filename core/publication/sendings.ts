import type { Channel } from '../event/event.ts';
import { EVERY } from '../message/channels.ts';
import type { LiquidUse, SourceTools } from '../ports/publication.ts';
import type { Template } from '../programme.ts';
import { type Finding, isError } from '../scenario/finding.ts';
import { couponsBefore, isService } from '../scenario/lint-coupons.ts';
import { recommendsBefore } from '../scenario/lint-recommend.ts';
import { type Sending, sendsIn } from '../scenario/sends-in.ts';
import { answersIn, faultOfButton, faultsOfLinks } from '../survey/by-button.ts';
import * as say from './bucket-findings.ts';
import type { SurveyContent } from './judge-surveys.ts';
import { usesOf } from './judge-template.ts';
import { checkUsesIn } from './template-uses.ts';
import { unsubscribeLinkOf } from './unsubscribe-link.ts';
import type { ScenarioContent } from './verdict.ts';

type Parts = Pick<Template, 'mail' | 'line' | 'postal'>;

/** A template that scenarios may use. */
export interface InForce {
  content: Parts;
  /** Whether its files are gone: the last version goes on being used. */
  isGone: boolean;
}

/** What there is to send, and what reads it. */
export interface Sendable {
  templates: ReadonlyMap<string, InForce>;
  refusedTemplates?: ReadonlySet<string>;
  surveys: ReadonlyMap<string, SurveyContent>;
  look: Look;
}

/** What a template speaks of, each read once. */
export type Look = (content: Parts) => { uses: ReturnType<typeof usesOf>; unsubscribe: 'seen' | 'unsure' | 'missing' };

export function createLook(tools: SourceTools): Look {
  const known = new Map<Parts, ReturnType<Look>>();
  return (content) => {
    const found = known.get(content) ?? {
      uses: usesOf(content, tools),
      unsubscribe: content.mail ? unsubscribeLinkOf(content.mail, tools) : 'missing',
    };
    known.set(content, found);
    return found;
  };
}

const BUTTON_PARTS = {
  survey: ['アンケート', 'survey'],
  question: ['質問', 'question'],
  value: ['答え', 'value'],
} as const;

/** LINE buttons that answer a survey name one that there is. */
function checkButtons(line: object | undefined, { send, path }: Sending, surveys: Sendable['surveys']): Finding[] {
  return answersIn(line).flatMap((data) => {
    const fault = faultOfButton(data, surveys);
    if (!fault) return [];
    const [what, whatEn] = BUTTON_PARTS[fault.what];
    return [say.surveyButton(send.template, [...path, 'template'], what, whatEn, fault.written)];
  });
}

/** What of the templates does not fit the scenario that sends them. */
export function checkSendings(scenario: ScenarioContent, around: Sendable): Finding[] {
  const judge = judgeOf(scenario, around);
  return sendsIn(scenario).flatMap((sending) => {
    const { template } = sending.send;
    const found = around.templates.get(template);
    if (!found) return [];
    const path = [...sending.path, 'template'];
    const findings = judge(sending, found.content, channelsIn(sending));
    if (findings.some(isError) && around.refusedTemplates?.has(template))
      findings.push(say.judgedWithEarlier(template, path));
    if (found.isGone) findings.push(say.templateGone(template, path));
    return findings;
  });
}

/** What keeps one channel's part of a template from being sent by a scenario. */
export function faultsOf(
  scenario: ScenarioContent,
  content: Parts,
  channel: Channel,
  template: string,
  around: Sendable,
): Finding[] {
  const judge = judgeOf(scenario, around);
  const sendings = sendsIn(scenario).filter(
    (one) => one.send.template === template && channelsIn(one).includes(channel),
  );
  return sendings.flatMap((one) => judge(one, content, [channel])).filter(isError);
}

/** The channels a send may go by. */
export const channelsIn = ({ send: { channels } }: Pick<Sending, 'send'>): readonly Channel[] =>
  !channels || channels === 'auto' ? EVERY : channels;

type Judge = (sending: Sending, content: Parts, channels: readonly Channel[]) => Finding[];

function judgeOf(scenario: ScenarioContent, { surveys, look }: Sendable): Judge {
  const coupons = couponsBefore(scenario.steps);
  const recommends = recommendsBefore(scenario.steps);
  return (sending, content, channels) => {
    const { send, event, trigger } = sending;
    const { template } = send;
    const place = JSON.stringify(sending.path.slice(0, -1));
    const path = [...sending.path, 'template'];
    const { uses, unsubscribe } = look(content);
    const values: LiquidUse[] = channels.flatMap((channel) => (channel === 'sms' ? [] : uses[channel]));
    const isMarketing = !isService(scenario, sending);
    const passed = { coupon: coupons.get(place) ?? 'never', recommend: recommends.get(place) ?? 'never' } as const;
    const step = { template, event, trigger, path, ...passed, isService: !isMarketing, surveys };
    const findings = checkUsesIn(values, step, scenario.params);
    const { mail, line } = content;
    if (channels.includes('line')) findings.push(...checkButtons(line, sending, surveys));
    const letter = `${channels.includes('email') ? (mail?.html ?? '') : ''}${channels.includes('line') ? JSON.stringify(line ?? {}) : ''}`;
    for (const { survey, question, written } of faultsOfLinks(letter, surveys))
      findings.push(say.surveyTap(template, path, survey, written, question));
    if (isMarketing && channels.includes('email')) {
      if (unsubscribe === 'missing') findings.push(say.noUnsubscribe(template, path));
      if (unsubscribe === 'unsure') findings.push(say.unsureUnsubscribe(template, path));
      const spoken = new Set(uses.email.map((use) => use.path));
      const lacking = ['legalName', 'postalAddress'].filter((name) => !spoken.has(`shop.sender.${name}`));
      if (lacking.length > 0) findings.push(say.noSender(template, path, lacking));
    }
    return findings;
  };
}
