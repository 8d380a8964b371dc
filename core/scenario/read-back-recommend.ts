import { type OwnLabels, sayField } from './read-back-words.ts';
import type { RecommendStep } from './scenario.ts';

const WITHOUT: Record<RecommendStep['exclude'][number], string> = { bought: '購入済み', outOfStock: '売り切れ' };

/** What a recommend step does, in Japanese. */
export function sayRecommend(step: RecommendStep, own: OwnLabels = {}): string {
  const { count, min, exclude } = step;
  const without = exclude.length === 0 ? [] : [`${exclude.map((one) => WITHOUT[one]).join('と')}を除く`];
  const least = min <= 1 ? '1点もなければ' : `${min}点に満たなければ`;
  return `${sayList(step, own)}を${count}点まで選びます(${[...without, `${least}次の配信は送りません`].join('。')})`;
}

function sayList({ list, of }: RecommendStep, own: OwnLabels): string {
  const given = of === undefined ? 'いちばん新しい注文の商品' : `「${sayField(of, own)}」`;
  switch (list) {
    case 'for-you':
      return 'その人へのおすすめ商品';
    case 'bought-together':
      return `${given}と一緒に買われる商品`;
    case 'similar':
      return `${given}に似た商品`;
    case 'popular':
      return '今よく売れている商品';
  }
}
