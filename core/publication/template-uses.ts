import { COUPON, LETTER_CUSTOMER, LINKS, RECOMMENDED, SHOP, TEMPLATE_CUSTOMER } from '../dictionary/template-fields.ts';
import {
  type Field,
  type Fields,
  fieldAt,
  fieldsOfEvent,
  ITEM,
  NEWS_OF_PRODUCTS,
  type Origin,
  PRODUCT,
} from '../dictionary/vocabulary.ts';
import type { LiquidUse } from '../ports/publication.ts';
import { closest } from '../scenario/closest.ts';
import type { Finding, JsonPath } from '../scenario/finding.ts';
import type { Passed } from '../scenario/passed.ts';

const ROOTS = ['customer', 'trigger', 'event', 'params', 'product', 'coupon', 'recommended', 'shop', 'links', 'now'];
/** As the catalogue has it now, or as the event told of it: of what no event carries, anything may be missing. */
const PRODUCT_NOW: Fields = new Map([...PRODUCT].map(([path, { kind }]) => [path, { kind, mayBeMissing: true }]));

type Said = Pick<Finding, 'message' | 'messageEn' | 'suggestion' | 'suggestionEn'>;

/** What of a template's values is wrong whoever sends it. `trigger`, `event` and `params` are judged where a scenario uses it. */
export function checkUses(uses: LiquidUse[], part: 'mail' | 'line' | 'postal'): Finding[] {
  return uses.flatMap((use) => {
    const [root = '', ...names] = use.path.split('.');
    const rest = names.join('.');
    switch (root) {
      case 'customer':
        return checkUse(use, rest, part === 'postal' ? LETTER_CUSTOMER : TEMPLATE_CUSTOMER, 'customer');
      case 'shop':
        return checkUse(use, rest, SHOP, 'shop');
      case 'links':
        // Whether there is such a survey is judged where a scenario uses it.
        if (rest.startsWith('survey.') && part !== 'postal') return [];
        if (part === 'line') return [refused(use, 'links-in-line', NO_LINKS)];
        if (part === 'postal') return [refused(use, 'links-in-letter', NO_LINKS_IN_LETTERS)];
        return rest === 'view' ? [refused(use, 'not-yet', later('links.view'))] : checkUse(use, rest, LINKS, 'links');
      case 'coupon':
        // Whether it is there at all is judged where a scenario uses it; `{% if coupon %}` asks just that.
        return rest === '' ? [] : checkUse(use, rest, COUPON, 'coupon');
      case 'recommended':
        return rest === '' ? [] : checkUse(use, rest, RECOMMENDED, 'recommended');
      case 'trigger':
      case 'event':
      case 'params':
      case 'product':
      case 'now':
        return [];
      default:
        return [refused(use, 'unknown-value', unknownRoot(root))];
    }
  });
}

/** What is wrong with a template's values in one scenario's step: the events and params it meets there. */
export function checkUsesIn(
  uses: LiquidUse[],
  step: {
    template: string;
    event: readonly Origin[];
    trigger: Origin;
    path: JsonPath;
    coupon: Passed;
    recommend: Passed;
    isService: boolean;
    surveys: ReadonlyMap<string, unknown>;
  },
  params: Readonly<Record<string, unknown>>,
): Finding[] {
  const trigger = fieldsOfEvent(step.trigger);
  const event: Fields = new Map(step.event.flatMap((type) => [...fieldsOfEvent(type)]));
  const found = uses.flatMap((use) => {
    const [root = '', ...names] = use.path.split('.');
    const rest = names.join('.');
    if (root === 'trigger') return checkUse(use, rest, trigger, root);
    if (root === 'event') return checkUse(use, rest, event, root);
    if (root === 'product') return checkProduct(use, rest, step);
    if (root === 'links' && names[0] === 'survey') return checkSurveyLink(use, names[1] ?? '', step.surveys);
    if (root === 'coupon') return checkCoupon(use, step);
    if (root === 'recommended') return checkRecommended(use, step);
    if (root !== 'params' || Object.hasOwn(params, rest)) return [];
    return [
      refused(use, 'unknown-value', unknownField(`params.${rest}`, closest(rest, Object.keys(params)), 'params.')),
    ];
  });
  const told = new Map(found.map((one) => [one.message, one]));
  return [...told.values()].map(({ position: _, ...one }) => ({
    ...one,
    path: step.path,
    message: `テンプレート「${step.template}」: ${one.message}`,
    messageEn: `Template "${step.template}": ${one.messageEn}`,
  }));
}

function checkSurveyLink(use: LiquidUse, id: string, surveys: ReadonlyMap<string, unknown>): Finding[] {
  if (surveys.has(id)) return [];
  const meant = closest(id, [...surveys.keys()]);
  return [
    refused(use, 'no-survey', {
      message: `アンケート「${id}」がありません。`,
      messageEn: `There is no survey "${id}".`,
      suggestion: meant
        ? `"links.survey.${meant}" ではありませんか?`
        : `surveys/${id || '名前'}.json を置いてください。`,
      suggestionEn: meant ? `Did you mean "links.survey.${meant}"?` : `Put it to surveys/${id || 'NAME'}.json.`,
    }),
  ];
}

/** `product` is what the trigger is about: there is one only where the event names one. */
function checkProduct(use: LiquidUse, rest: string, { trigger }: { trigger: Origin }): Finding[] {
  if (!fieldsOfEvent(trigger).has('product.id')) {
    return [
      refused(use, 'no-product', {
        message: `{{ ${use.path} }} がありますが、このシナリオのきっかけは商品のできごとではありません。`,
        messageEn: `{{ ${use.path} }} has no product: the trigger is not about one.`,
        suggestion: 'きっかけの商品の一覧は {% for item in trigger.order.items %} のように書きます。',
        suggestionEn: 'Items of an order or a cart are in trigger.order.items or trigger.cart.items.',
      }),
    ];
  }
  if (rest === '') return [];
  return checkUse(use, rest, NEWS_OF_PRODUCTS.has(trigger) ? PRODUCT : PRODUCT_NOW, 'product');
}

/** A coupon is there after its step; where only some have passed one, the template must do without. */
function checkCoupon(use: LiquidUse, { coupon, isService }: { coupon: Passed; isService: boolean }): Finding[] {
  if (isService) {
    // Where a coupon step comes before it, the scenario itself is refused.
    if (coupon !== 'never') return [];
    return [
      refused(use, 'coupon-in-service', {
        message: 'サービス連絡では、クーポン({{ coupon.… }})を使えません。',
        messageEn: 'A service message may show no coupon.',
        suggestion: 'クーポンは、販促(marketing)の配信で送ってください。',
        suggestionEn: 'Send coupons in marketing messages.',
      }),
    ];
  }
  if (coupon === 'always' || (coupon === 'sometimes' && (use.isSafe || !use.isOutput))) return [];
  if (coupon === 'never') {
    return [
      refused(use, 'no-coupon-step', {
        message: `{{ ${use.path} }} がありますが、この配信より前に coupon のステップがありません。`,
        messageEn: `{{ ${use.path} }} has no coupon step before this send.`,
        suggestion: '例: { "id": "gift", "coupon": { "pool": "birthday" } } を、この配信より前に置いてください。',
        suggestionEn: 'Put a coupon step before it, such as { "id": "gift", "coupon": { "pool": "birthday" } }.',
      }),
    ];
  }
  return [
    refused(use, 'needs-default', {
      message: `{{ ${use.path} }} は、coupon のステップを通らずに来た人にはありません。`,
      messageEn: `{{ ${use.path} }} is missing for those who passed no coupon step.`,
      suggestion: '{% if coupon %} … {% endif %} で囲んでください。',
      suggestionEn: 'Put it inside {% if coupon %}.',
    }),
  ];
}

/** What is recommended is there straight after its step; the next message uses it up. */
function checkRecommended(
  use: LiquidUse,
  { recommend, isService }: { recommend: Passed; isService: boolean },
): Finding[] {
  if (isService) {
    if (recommend !== 'never') return [];
    return [
      refused(use, 'recommend-in-service', {
        message: 'サービス連絡では、おすすめ商品({{ recommended… }})を使えません。',
        messageEn: 'A service message may recommend nothing.',
        suggestion: 'おすすめは、販促(marketing)の配信で送ってください。',
        suggestionEn: 'Recommend in marketing messages.',
      }),
    ];
  }
  if (recommend === 'always' || (recommend === 'sometimes' && (use.isSafe || !use.isOutput))) return [];
  if (recommend === 'sometimes') {
    return [
      refused(use, 'needs-default', {
        message: '{{ recommended… }} は、recommend のステップを通らずに来た人にはありません。',
        messageEn: '{{ recommended… }} is missing for those who passed no recommend step.',
        suggestion: '{% if recommended %} … {% endif %} で囲んでください。',
        suggestionEn: 'Put it inside {% if recommended %}.',
      }),
    ];
  }
  return [
    refused(use, 'no-recommend-step', {
      message: '{{ recommended… }} がありますが、この配信のすぐ前に recommend のステップがありません。',
      messageEn: '{{ recommended… }} has no recommend step before this send.',
      suggestion:
        '例: { "recommend": { "list": "for-you", "count": 4, "min": 2 } } を、この配信の前に置いてください(配信ごとに1つ必要です)。',
      suggestionEn: 'Put { "recommend": { "list": "for-you", "count": 4, "min": 2 } } before it; each send needs one.',
    }),
  ];
}

function checkUse(use: LiquidUse, rest: string, fields: Fields, root: string): Finding[] {
  const field = fieldAt(fields, rest);
  if (!field) return [refused(use, 'unknown-value', unknownField(use.path, closest(rest, fields.keys()), `${root}.`))];
  if (!use.isOutput || use.isSafe || !mayBeMissing(use, field)) return [];
  return [
    refused(use, 'needs-default', {
      message: `{{ ${use.path} }} は、値がないお客様がいます。`,
      messageEn: `{{ ${use.path} }} may be missing.`,
      suggestion: `{{ ${use.path} | default: "…" }} のように、ないときの言葉を書くか、{% if ${use.path} %} で囲んでください。`,
      suggestionEn: `Write {{ ${use.path} | default: "..." }}, or put it inside {% if ${use.path} %}.`,
    }),
  ];
}

/** In a loop over items only the item's own fields may be missing; outside, the list may be empty. */
function mayBeMissing(use: LiquidUse, field: Field): boolean {
  if (use.loop === undefined) return field.mayBeMissing;
  const ofItem = ITEM.get(use.path.slice(use.loop.length + 1));
  return ofItem ? ofItem.mayBeMissing : field.mayBeMissing && use.path !== use.loop;
}

const refused = (use: LiquidUse, rule: string, said: Said): Finding => ({
  level: 'error',
  rule,
  path: [],
  position: use.position,
  ...said,
});

function unknownRoot(root: string): Said {
  const meant = closest(root, ROOTS);
  return {
    message: `「{{ ${root} }}」という差し込みはありません。`,
    messageEn: `There is no value "${root}".`,
    suggestion: meant ? `"${meant}" ではありませんか?` : `使えるのは ${ROOTS.join('、')} です。`,
    suggestionEn: meant ? `Did you mean "${meant}"?` : `Known: ${ROOTS.join(', ')}.`,
  };
}

const unknownField = (path: string, meant: string | undefined, prefix: string): Said => ({
  message: `「{{ ${path} }}」という差し込みはありません。`,
  messageEn: `There is no value "${path}".`,
  ...(meant
    ? { suggestion: `"${prefix}${meant}" ではありませんか?`, suggestionEn: `Did you mean "${prefix}${meant}"?` }
    : {}),
});

const later = (what: string): Said => ({
  message: `「{{ ${what} }}」はまだ使えません。`,
  messageEn: `"${what}" is not available yet.`,
  suggestion: '今後のバージョンで使えるようになります。それまではこの部分を外してください。',
  suggestionEn: 'It comes with a later release. Leave it out until then.',
});

const NO_LINKS: Said = {
  message: 'LINE のメッセージでは {{ links.… }} を使えません。',
  messageEn: '{{ links... }} is not available in LINE messages.',
  suggestion: 'LINE はブロックで配信が止まるので、配信停止リンクはいりません。',
  suggestionEn: 'People stop LINE by blocking: no link is needed.',
};
const NO_LINKS_IN_LETTERS: Said = {
  message: '郵送では {{ links.… }} を使えません。',
  messageEn: '{{ links... }} is not available in letters.',
  suggestion: '紙からは押せません。お店のアドレスを文として印刷してください。',
  suggestionEn: "Print the shop's address instead.",
};
