/** A plan of a LINE Official Account in Japan: yen a month without tax, valid since June 2023. */
interface LinePlan {
  name: string;
  feeYen: number;
  free: number;
  /** Yen for each message beyond, by steps; absent: nothing more can be sent. */
  extra?: { upTo: number; yen: number }[];
}

const PLANS: LinePlan[] = [
  { name: 'コミュニケーション', feeYen: 0, free: 200 },
  { name: 'ライト', feeYen: 5000, free: 5000 },
  {
    name: 'スタンダード',
    feeYen: 15_000,
    free: 30_000,
    extra: [
      { upTo: 50_000, yen: 3 },
      { upTo: 100_000, yen: 2.8 },
    ],
  },
];

export interface LineCost {
  plan: string;
  yen: number;
  /** Beyond 100,000 messages a month the price is not published: counted at the last known one, so at most this. */
  isUnsure: boolean;
}

/** The cheapest plan that lets so many messages of one month through, and what it costs. */
export function lineCost(messages: number): LineCost {
  const costs = PLANS.flatMap((plan) => costOf(plan, messages) ?? []);
  return costs.reduce((best, one) => (one.yen < best.yen ? one : best));
}

function costOf(plan: LinePlan, messages: number): LineCost | undefined {
  let yen = plan.feeYen;
  let counted = plan.free;
  if (messages <= counted) return { plan: plan.name, yen, isUnsure: false };
  if (!plan.extra) return undefined;
  for (const step of plan.extra) {
    yen += Math.max(0, Math.min(messages, step.upTo) - counted) * step.yen;
    counted = step.upTo;
  }
  const beyond = Math.max(0, messages - counted);
  return { plan: plan.name, yen: Math.round(yen + beyond * plan.extra.at(-1)!.yen), isUnsure: beyond > 0 };
}
