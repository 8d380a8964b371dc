import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { ByChannel } from '#core/simulation/tally.ts';
import { CHANNELS } from '../say.ts';

const COLOURS = { LINE: '#12a150', メール: '#2f5d8a', 郵送: '#b7791f', SMS: '#7a5195' };

/** Small enough to be read on a phone without shrinking much. */
const SHAPE = {
  width: 480,
  height: 240,
  marginLeft: 64,
  marginBottom: 36,
  style: { fontSize: '12px', fontFamily: 'inherit', background: 'none' },
};

/** One highest value for charts that stand side by side. */
export interface Scale {
  most: number;
}

/** Messages a month, by channel. */
export function monthChart(months: Record<string, ByChannel>, order: string[], { most }: Scale): string {
  const bars = order.flatMap((month) =>
    (Object.keys(CHANNELS) as (keyof typeof CHANNELS)[]).map((channel) => ({
      month,
      channel: CHANNELS[channel],
      messages: months[month]?.[channel] ?? 0,
    })),
  );
  return draw({
    ...SHAPE,
    x: { label: null, domain: order, tickFormat: (month: string) => `${Number(month.slice(5))}月` },
    y: { label: '通', domain: [0, most], grid: true, tickFormat: short, ticks: 5 },
    color: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
    marks: [
      Plot.barY(
        bars.filter((bar) => bar.messages > 0),
        { x: 'month', y: 'messages', fill: 'channel' },
      ),
      Plot.ruleY([0]),
    ],
  });
}

/** How many customers got how many messages, in bars of `width` messages each. */
export const barsOf = (perCustomer: readonly number[], width: number): number[] =>
  Array.from({ length: Math.ceil(perCustomer.length / width) }, (_, i) =>
    sum(perCustomer.slice(i * width, (i + 1) * width)),
  );

/** The same as a picture. Two that stand side by side have bars of the same width. */
export function spreadChart(perCustomer: readonly number[], width: number, { most }: Scale): string {
  const data = barsOf(perCustomer, width).map((customers, i) => ({
    label: width === 1 ? String(i) : `${i * width}〜`,
    customers,
  }));
  return draw({
    ...SHAPE,
    x: {
      label: 'ひとりに届いた通数',
      domain: data.map(({ label }) => label),
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { label: '人', domain: [0, most], grid: true, tickFormat: short, ticks: 5 },
    marks: [Plot.barY(data, { x: 'label', y: 'customers', fill: '#6b7f99' }), Plot.ruleY([0])],
  });
}

export const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((all, one) => all + (one ?? 0), 0);

/** `1.2万` */
function short(value: number): string {
  return value >= 10_000 ? `${Math.round(value / 1000) / 10}万` : value.toLocaleString('ja-JP');
}

function draw(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({ ...options, document: document as never });
  chart.setAttribute('role', 'img');
  return chart.outerHTML;
}
