import { asInstant } from '#core/ids.ts';
import { checkScenario } from '#core/scenario/check.ts';
import { readBack } from '#core/scenario/read-back.ts';
import { SHIPPED } from '#core/scenario/settings.ts';
import { SETTINGS } from './builders.ts';

const around = {
  settings: {
    ...SHIPPED,
    sender: SETTINGS.sender,
    coupons: { gift: { label: 'お祝いクーポン' } },
    webhooks: { stock: { url: 'https://example.jp', secretName: 'stock' } },
    teams: ['CS'],
    attributes: { 案内: { label: '案内', kind: 'text' as const } },
  },
  segments: new Set(['vip']),
  zone: [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }],
  templates: new Map([['t', ['line', 'email'] as const]]),
};
/** A file told back. */
export function told(file: Record<string, unknown>): string[] {
  const { scenario, control, findings } = checkScenario({ id: 'a', name: 'A', ...file }, around);
  if (!scenario || !control) throw new Error(JSON.stringify(findings));
  return readBack(scenario, control, { ...around.settings, zone: around.zone });
}

export const LETTER = { id: '1', send: { template: 't', channels: ['email'] } };
export const ORDER = { event: 'order.placed' };
/** What a file says beside the simplest there is. */
export function only(file: Record<string, unknown>): string[] {
  const plain = new Set(told({ trigger: ORDER, steps: [LETTER] }));
  return told({ trigger: ORDER, steps: [LETTER], ...file }).filter((line) => !plain.has(line));
}
/** Only what it does, step by step. */
export const flow = (steps: object[], trigger: object = ORDER) => {
  const lines = told({ trigger, steps });
  return lines.slice(lines.indexOf('流れ:') + 1).map((line) => line.slice(2));
};
