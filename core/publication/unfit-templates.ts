import type { Channel } from '../event/event.ts';
import type { Template } from '../programme.ts';
import { type Finding, problemOf } from '../scenario/finding.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { sendsIn } from '../scenario/sends-in.ts';
import { unfitFor } from './bucket-findings.ts';
import { channelsIn, faultsOf, type Sendable } from './sendings.ts';
import type { TemplateContent, Verdict } from './verdict.ts';

/** What keeps a template from taking the place of the one in force, by the channel whose part is at fault. */
export type Unfit = ReadonlyMap<string, { channel: Channel; finding: Finding }[]>;

/**
 * Templates that were to come into force under scenarios that stay as they are, and could not be sent by them. What the earlier version had
 * wrong already is nobody's news: a stricter release keeps no template back.
 */
export function unfitTemplates(
  accepted: { content: TemplateContent }[],
  earlier: ReadonlyMap<string, Template>,
  staying: Scenario[],
  around: Sendable,
): Unfit {
  const coming = new Map(accepted.map(({ content }) => [content.id, content]));
  const faults = new Map<string, { channel: Channel; fault: Finding; scenarios: Map<string, string> }>();
  for (const scenario of staying) {
    for (const [template, channels] of sentBy(scenario)) {
      const content = coming.get(template);
      const inForce = earlier.get(template);
      if (!content || !inForce) continue;
      for (const channel of channels) {
        const was = faultsOf(scenario, inForce, channel, template, around);
        for (const fault of newAmong(faultsOf(scenario, content, channel, template, around), was)) {
          const key = JSON.stringify([template, channel, fault.message]);
          const scenarios = faults.get(key)?.scenarios ?? new Map<string, string>();
          faults.set(key, { channel, fault, scenarios: scenarios.set(scenario.id, scenario.name) });
        }
      }
    }
  }
  const found = new Map<string, { channel: Channel; finding: Finding }[]>();
  for (const [key, { channel, fault, scenarios }] of faults) {
    const [template] = JSON.parse(key) as [string];
    found.set(template, [
      ...(found.get(template) ?? []),
      { channel, finding: unfitFor('template', [...scenarios], fault) },
    ]);
  }
  return found;
}

/** The faults that were not there before. */
export function newAmong(faults: Finding[], before: Finding[]): Finding[] {
  const was = new Set(before.map(sayOf));
  return faults.filter((fault) => !was.has(sayOf(fault)));
}

const sayOf = ({ rule, message }: Finding): string => `${rule} ${message}`;

/** The templates a scenario sends, each with the channels it may go by. */
export function sentBy(scenario: Scenario): Map<string, Set<Channel>> {
  const found = new Map<string, Set<Channel>>();
  for (const sending of sendsIn(scenario)) {
    const { template } = sending.send;
    found.set(template, new Set([...(found.get(template) ?? []), ...channelsIn(sending)]));
  }
  return found;
}

/** Where a channel's part of a template is written; the first that is there. */
const FILES: Record<Channel, string[]> = {
  email: ['mail.mjml', 'mail.md'],
  line: ['line.json', 'mail.md'],
  postal: ['postal.csv'],
  sms: [],
};

/** Turns the verdicts of templates that are held back into refusals that say why. */
export function holdBack(verdicts: Verdict[], unfit: Unfit): void {
  for (const [id, faults] of unfit) {
    const own = verdicts.filter((one) => one.kind === 'template' && one.id === id);
    for (const verdict of own) Object.assign(verdict, { isAccepted: false, keepsEarlier: true });
    for (const { channel, finding } of faults) {
      const files = FILES[channel].map((name) => `templates/${id}/${name}`);
      const verdict = own.find(({ file }) => files.includes(file)) ?? own[0];
      verdict?.problems.push(problemOf(verdict.file, finding));
    }
  }
}
