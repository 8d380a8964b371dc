import { checkAction } from './line-action.ts';
import {
  checkColour,
  checkFields,
  checkList,
  checkMediaUrl,
  checkObject,
  checkText,
  checkTruth,
  checkWord,
  eachObject,
  find,
  isJson,
  type Json,
  jsonBytes,
  type LineCheck,
  missing,
} from './line-check.ts';

// LINE says "30 KB" and "50 KB" without saying which; the smaller reading is always safe.
const BUBBLE_BYTES = 30_000;
const CAROUSEL_BYTES = 50_000;
const BUBBLES = 12;
/** Kinds of boxes in boxes: LINE names no depth, a phone draws no more. Keeps the check from being led down a well. */
const DEPTH = 30;

const OFFSET = ['position', 'offsetTop', 'offsetBottom', 'offsetStart', 'offsetEnd'];
const GAP = /^(none|xs|sm|md|lg|xl|xxl|\d+(\.\d+)?px)$/;
const GAP_OR_SHARE = /^(none|xs|sm|md|lg|xl|xxl|-?\d+(\.\d+)?(px|%))$/;
const LENGTH = /^\d+(\.\d+)?(px|%)$/;
const FONT = /^(xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|\d+(\.\d+)?px)$/;
const IMAGE_SIZE = /^(xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|full|\d+(\.\d+)?(px|%))$/;
const RATIO = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/;

const FORMS: Record<string, RegExp> = {
  spacing: GAP,
  margin: GAP,
  paddingAll: GAP_OR_SHARE,
  paddingTop: GAP_OR_SHARE,
  paddingBottom: GAP_OR_SHARE,
  paddingStart: GAP_OR_SHARE,
  paddingEnd: GAP_OR_SHARE,
  offsetTop: GAP_OR_SHARE,
  offsetBottom: GAP_OR_SHARE,
  offsetStart: GAP_OR_SHARE,
  offsetEnd: GAP_OR_SHARE,
  width: LENGTH,
  maxWidth: LENGTH,
  maxHeight: LENGTH,
  borderWidth: /^(none|light|normal|medium|semi-bold|bold|\d+(\.\d+)?px)$/,
  cornerRadius: GAP,
  lineSpacing: /^\d+(\.\d+)?px$/,
};

const WORDS: Record<string, readonly string[]> = {
  position: ['relative', 'absolute'],
  align: ['start', 'end', 'center'],
  gravity: ['top', 'bottom', 'center'],
  weight: ['regular', 'bold'],
  decoration: ['none', 'underline', 'line-through'],
  adjustMode: ['shrink-to-fit'],
  aspectMode: ['fit', 'cover'],
  justifyContent: ['center', 'flex-start', 'flex-end', 'space-between', 'space-around', 'space-evenly'],
  alignItems: ['center', 'flex-start', 'flex-end'],
};
const COLOURS = ['color', 'backgroundColor', 'borderColor'];
const TRUTHS = ['wrap', 'scaling', 'animated'];
const NUMBERS = ['flex', 'maxLines'];

const PADDING = ['paddingAll', 'paddingTop', 'paddingBottom', 'paddingStart', 'paddingEnd'];
const BOX = [
  ...OFFSET,
  ...PADDING,
  ...['layout', 'contents', 'flex', 'spacing', 'margin', 'width', 'maxWidth', 'height', 'maxHeight', 'action'],
  ...['backgroundColor', 'borderColor', 'borderWidth', 'cornerRadius', 'justifyContent', 'alignItems', 'background'],
];
/** What each kind of component may carry; anything else LINE refuses as an unknown field. */
const FIELDS: Record<string, readonly string[]> = {
  box: BOX,
  button: [...OFFSET, ...['action', 'flex', 'margin', 'height', 'style', 'color', 'gravity', 'adjustMode', 'scaling']],
  image: [
    ...OFFSET,
    ...['url', 'flex', 'margin', 'align', 'gravity', 'size', 'aspectRatio', 'aspectMode', 'backgroundColor'],
    ...['action', 'animated'],
  ],
  video: ['url', 'previewUrl', 'altContent', 'aspectRatio', 'action'],
  icon: [...OFFSET, ...['url', 'margin', 'size', 'scaling', 'aspectRatio']],
  text: [
    ...OFFSET,
    ...['text', 'contents', 'adjustMode', 'flex', 'margin', 'size', 'scaling', 'align', 'gravity', 'wrap'],
    ...['lineSpacing', 'maxLines', 'weight', 'color', 'action', 'style', 'decoration'],
  ],
  span: ['text', 'color', 'size', 'weight', 'style', 'decoration'],
  separator: ['margin', 'color'],
  filler: ['flex'],
};
const BUBBLE = ['size', 'direction', 'header', 'hero', 'body', 'footer', 'styles', 'action'];
const SIZES = ['nano', 'micro', 'deca', 'hecto', 'kilo', 'mega', 'giga'];
const IN_BOX = ['box', 'button', 'image', 'text', 'separator', 'filler'];
const ON_LINE = ['icon', 'text', 'filler'];

/** Checks a flex container (`contents` of a flex message) under LINE's rules. */
export function checkFlex(check: LineCheck, container: Json, path: string): void {
  const type = checkWord(check, container, path, 'type', ['bubble', 'carousel'], true);
  if (type === 'bubble') checkBubble(check, container, path, false);
  if (type !== 'carousel') return;
  checkFields(check, container, path, ['contents']);
  const bubbles = checkList(check, container, path, 'contents', { min: 1, max: BUBBLES, isRequired: true });
  eachObject(check, bubbles, `${path}.contents`, (bubble, place) => {
    if (checkWord(check, bubble, place, 'type', ['bubble'], true)) checkBubble(check, bubble, place, true);
  });
  const sizes = new Set(bubbles.filter(isJson).map((bubble) => bubble.size ?? 'mega'));
  if (sizes.size > 1) {
    find(
      check,
      `${path}.contents`,
      'Each bubble in a carousel must have the same size',
      'カルーセルの bubble は size をすべて同じにしてください',
    );
  }
  checkBytes(check, container, path, CAROUSEL_BYTES);
}

function checkBytes(check: LineCheck, container: Json, path: string, max: number): void {
  const bytes = jsonBytes(container);
  if (bytes <= max) return;
  const kilobytes = max / 1000;
  find(
    check,
    path,
    `JSON must be at most ${kilobytes} KB`,
    `JSONの大きさは${kilobytes} KBまでです(いまは${Math.ceil(bytes / 1000)} KB)`,
  );
}

function checkBubble(check: LineCheck, bubble: Json, path: string, isInCarousel: boolean): void {
  checkFields(check, bubble, path, BUBBLE);
  checkWord(check, bubble, path, 'size', SIZES);
  checkWord(check, bubble, path, 'direction', ['ltr', 'rtl']);
  if (bubble.action !== undefined) checkAction(check, bubble.action, `${path}.action`, 'flex');
  for (const block of ['header', 'body', 'footer']) {
    if (bubble[block] !== undefined) checkComponent(check, bubble[block], `${path}.${block}`, ['box'], 0);
  }
  if (bubble.hero !== undefined) {
    const mayPlay = !isInCarousel && ['kilo', 'mega', 'giga'].includes(String(bubble.size ?? 'mega'));
    const kinds = mayPlay ? ['box', 'image', 'video'] : ['box', 'image'];
    checkComponent(check, bubble.hero, `${path}.hero`, kinds, 0);
  }
  const styles = checkObject(check, bubble, path, 'styles');
  if (styles) checkFields(check, styles, `${path}.styles`, ['header', 'hero', 'body', 'footer'], false);
  for (const block of Object.keys(styles ?? {})) {
    const style = styles && checkObject(check, styles, `${path}.styles`, block);
    if (!style) continue;
    const place = `${path}.styles.${block}`;
    checkFields(check, style, place, ['backgroundColor', 'separator', 'separatorColor'], false);
    checkColour(check, style, place, 'backgroundColor');
    checkColour(check, style, place, 'separatorColor');
    checkTruth(check, style, place, 'separator');
  }
  checkBytes(check, bubble, path, BUBBLE_BYTES);
}

function checkComponent(check: LineCheck, part: unknown, path: string, kinds: readonly string[], depth: number): void {
  const refusal = refusalOf(part, depth);
  if (refusal !== undefined) find(check, path, 'invalid property', refusal);
  if (refusal !== undefined || !isJson(part)) return;
  const type = checkWord(check, part, path, 'type', kinds, true);
  const fields = type === undefined ? undefined : FIELDS[type];
  if (type === undefined || fields === undefined) return;
  checkFields(check, part, path, fields);
  checkShared(check, part, path, type);
  if (type === 'box') checkBox(check, part, path, depth);
  if (type === 'text') checkFlexText(check, part, path, depth);
  if (type === 'span') checkText(check, part, path, 'text', { max: 5000, isRequired: true });
  if (type === 'image' || type === 'icon' || type === 'video') checkMediaUrl(check, part, path, 'url', true);
  if (type === 'button') checkAction(check, part.action, `${path}.action`, 'flex-button');
  else if (part.action !== undefined) checkAction(check, part.action, `${path}.action`, 'flex');
  if (type === 'video') {
    checkMediaUrl(check, part, path, 'previewUrl', true);
    if (part.altContent === undefined) missing(check, `${path}.altContent`);
    else checkComponent(check, part.altContent, `${path}.altContent`, ['box', 'image'], depth + 1);
  }
}

/** Why something can't be a component at all, in Japanese. */
function refusalOf(part: unknown, depth: number): string | undefined {
  if (!isJson(part)) return 'オブジェクト({ … })で書いてください';
  if (depth > DEPTH) return `箱の入れ子は${DEPTH}段までにしてください`;
  // LINE's API answers "invalid property" to it, although old samples still show it.
  if (part.type === 'spacer') return 'spacer はLINEで廃止されました。padding や margin で余白を作ってください';
  return undefined;
}

function checkShared(check: LineCheck, part: Json, path: string, type: string): void {
  for (const [key, form] of Object.entries(FORMS)) checkForm(check, part, path, key, form);
  for (const [key, words] of Object.entries(WORDS)) checkWord(check, part, path, key, words);
  for (const key of COLOURS) checkColour(check, part, path, key);
  for (const key of TRUTHS) checkTruth(check, part, path, key);
  for (const key of NUMBERS) {
    const value = part[key];
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= 0)) {
      find(check, `${path}.${key}`, 'invalid property', '0以上の整数にしてください');
    }
  }
  if (type === 'button') {
    checkWord(check, part, path, 'height', ['sm', 'md']);
    checkWord(check, part, path, 'style', ['primary', 'secondary', 'link']);
  } else {
    checkForm(check, part, path, 'height', LENGTH);
    checkWord(check, part, path, 'style', ['normal', 'italic']);
  }
  checkForm(check, part, path, 'size', type === 'image' ? IMAGE_SIZE : FONT);
  const ratio = checkText(check, part, path, 'aspectRatio', { max: 100 });
  const [, width, height] = (ratio && RATIO.exec(ratio)) || [];
  const isDrawable = Number(width) >= 1 && Number(width) <= 100_000 && Number(height) <= 3 * Number(width);
  if (ratio !== undefined && !(isDrawable && Number(height) >= 1)) {
    find(
      check,
      `${path}.aspectRatio`,
      'invalid property',
      '「幅:高さ」で書いてください(例 20:13)。高さは幅の3倍までです',
    );
  }
}

function checkForm(check: LineCheck, part: Json, path: string, key: string, form: RegExp): void {
  const value = checkText(check, part, path, key, { max: 100 });
  if (value === undefined || form.test(value)) return;
  find(
    check,
    `${path}.${key}`,
    'invalid property',
    `「${key}」の値が正しくありません(例: md、12px など。数値だけでは通りません)`,
  );
}

function checkBox(check: LineCheck, box: Json, path: string, depth: number): void {
  const layout = checkWord(check, box, path, 'layout', ['horizontal', 'vertical', 'baseline'], true);
  const parts = checkList(check, box, path, 'contents', { min: 0, max: 1000, isRequired: true });
  const kinds = layout === 'baseline' ? ON_LINE : IN_BOX;
  parts.forEach((part, index) => {
    checkComponent(check, part, `${path}.contents[${index}]`, kinds, depth + 1);
  });
  const ground = checkObject(check, box, path, 'background');
  if (!ground) return;
  const place = `${path}.background`;
  checkFields(check, ground, place, ['angle', 'startColor', 'endColor', 'centerColor', 'centerPosition']);
  checkWord(check, ground, place, 'type', ['linearGradient'], true);
  checkForm(check, ground, place, 'angle', /^\d+(\.\d+)?deg$/);
  checkForm(check, ground, place, 'centerPosition', /^\d+(\.\d+)?%$/);
  for (const key of ['startColor', 'endColor']) if (ground[key] === undefined) missing(check, `${place}.${key}`);
  for (const key of ['startColor', 'endColor', 'centerColor']) checkColour(check, ground, place, key);
  if (ground.angle === undefined) missing(check, `${place}.angle`);
}

function checkFlexText(check: LineCheck, part: Json, path: string, depth: number): void {
  const spans = checkList(check, part, path, 'contents', { min: 0, max: 1000 });
  spans.forEach((span, index) => {
    checkComponent(check, span, `${path}.contents[${index}]`, ['span'], depth + 1);
  });
  if (spans.length > 0 && part.text === undefined) return;
  if (part.text === '')
    find(check, `${path}.text`, 'must be non-empty text', '空の文字列は送れません。文字を入れてください');
  else checkText(check, part, path, 'text', { max: 5000, isRequired: true });
}
