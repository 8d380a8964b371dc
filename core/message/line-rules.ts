import { checkAction } from './line-action.ts';
import {
  checkList,
  checkMediaUrl,
  checkObject,
  checkTapUri,
  checkText,
  checkWord,
  eachObject,
  find,
  type Json,
  type LineCheck,
  type LineFinding,
} from './line-check.ts';
import { checkFlex } from './line-flex.ts';
import { checkTemplate } from './line-template.ts';

/** Kinds of messages that may be pushed. */
const TYPES = [
  'text',
  'textV2',
  'sticker',
  'image',
  'video',
  'audio',
  'location',
  'imagemap',
  'template',
  'flex',
  'coupon',
] as const;
const ALT_TEXT = { max: 1500, isRequired: true };

/**
 * Every rule of LINE's Messaging API that these messages break; none = LINE takes them. Only messages: not recipients, quota or body size.
 * With `mayHoldLiquid` a string that holds Liquid is not measured (it is a template, not yet a message).
 * Source: LINE's Messaging API reference, "Message objects" and "Action objects".
 */
export function checkLineMessages(messages: unknown, options: { mayHoldLiquid?: boolean } = {}): LineFinding[] {
  const check: LineCheck = { findings: [], mayHoldLiquid: options.mayHoldLiquid ?? false };
  if (!Array.isArray(messages) || messages.length < 1 || messages.length > 5) {
    find(check, 'messages', 'Size must be between 1 and 5', 'メッセージは1〜5個にしてください');
  }
  if (Array.isArray(messages)) {
    eachObject(check, messages, 'messages', (message, path) => checkMessage(check, message, path));
  }
  return check.findings;
}

function checkMessage(check: LineCheck, message: Json, path: string): void {
  const type = checkWord(check, message, path, 'type', TYPES, true) as (typeof TYPES)[number] | undefined;
  checkQuickReply(check, message, path);
  checkSender(check, message, path);
  switch (type) {
    case undefined:
      return;
    case 'text':
      checkPlainText(check, message, path);
      return;
    case 'textV2':
      checkText(check, message, path, 'text', { max: 5000, isRequired: true });
      checkObject(check, message, path, 'substitution');
      return;
    case 'sticker':
      checkText(check, message, path, 'packageId', { max: 20, isRequired: true });
      checkText(check, message, path, 'stickerId', { max: 20, isRequired: true });
      return;
    case 'image':
    case 'video':
      checkMediaUrl(check, message, path, 'originalContentUrl', true);
      checkMediaUrl(check, message, path, 'previewImageUrl', true);
      if (type === 'video') checkText(check, message, path, 'trackingId', { max: 100 });
      return;
    case 'audio':
      checkMediaUrl(check, message, path, 'originalContentUrl', true);
      checkNumber(check, message, path, 'duration', 1, Number.MAX_SAFE_INTEGER);
      return;
    case 'location':
      checkText(check, message, path, 'title', { max: 100, isRequired: true });
      checkText(check, message, path, 'address', { max: 100, isRequired: true });
      checkNumber(check, message, path, 'latitude', -90, 90);
      checkNumber(check, message, path, 'longitude', -180, 180);
      return;
    case 'imagemap':
      checkImagemap(check, message, path);
      return;
    case 'template': {
      checkText(check, message, path, 'altText', ALT_TEXT);
      const template = checkObject(check, message, path, 'template', true);
      if (template) checkTemplate(check, template, `${path}.template`);
      return;
    }
    case 'flex': {
      checkText(check, message, path, 'altText', ALT_TEXT);
      const contents = checkObject(check, message, path, 'contents', true);
      if (contents) checkFlex(check, contents, `${path}.contents`);
      return;
    }
    case 'coupon':
      checkText(check, message, path, 'couponId', { max: 100, isRequired: true });
      checkText(check, message, path, 'deliveryTag', { max: 30 });
      return;
  }
}

function checkPlainText(check: LineCheck, message: Json, path: string): void {
  const text = checkText(check, message, path, 'text', { max: 5000, isRequired: true });
  const emojis = checkList(check, message, path, 'emojis', { min: 1, max: 20 });
  eachObject(check, emojis, `${path}.emojis`, (emoji, place) => {
    checkText(check, emoji, place, 'productId', { max: 100, isRequired: true });
    checkText(check, emoji, place, 'emojiId', { max: 100, isRequired: true });
    const at = emoji.index;
    if (text !== undefined && (typeof at !== 'number' || text[at] !== '$')) {
      find(check, `${place}.index`, 'Must be the position of a $', 'text の中の $ の位置を指してください');
    }
  });
}

function checkNumber(check: LineCheck, holder: Json, path: string, key: string, min: number, max: number): void {
  const value = holder[key];
  if (typeof value === 'number' && value >= min && value <= max) return;
  find(check, `${path}.${key}`, `Must be between ${min} and ${max}`, `${min}〜${max}の数にしてください`);
}

function checkImagemap(check: LineCheck, message: Json, path: string): void {
  checkMediaUrl(check, message, path, 'baseUrl', true);
  checkText(check, message, path, 'altText', ALT_TEXT);
  const size = checkObject(check, message, path, 'baseSize', true);
  if (size) {
    checkNumber(check, size, `${path}.baseSize`, 'width', 1040, 1040);
    checkNumber(check, size, `${path}.baseSize`, 'height', 1, 100_000);
  }
  const actions = checkList(check, message, path, 'actions', { min: 1, max: 50, isRequired: true });
  eachObject(check, actions, `${path}.actions`, (action, place) => {
    const type = checkWord(check, action, place, 'type', ['uri', 'message', 'clipboard'], true);
    checkText(check, action, place, 'label', { max: 100 });
    if (type === 'uri') checkTapUri(check, action, place, 'linkUri', true);
    if (type === 'message') checkText(check, action, place, 'text', { max: 400, isRequired: true });
    if (type === 'clipboard') checkText(check, action, place, 'clipboardText', { max: 1000, isRequired: true });
    const area = checkObject(check, action, place, 'area', true);
    for (const key of area ? ['x', 'y', 'width', 'height'] : []) {
      checkNumber(check, area ?? {}, `${place}.area`, key, 0, 100_000);
    }
  });
}

function checkQuickReply(check: LineCheck, message: Json, path: string): void {
  const quickReply = checkObject(check, message, path, 'quickReply');
  if (!quickReply) return;
  const place = `${path}.quickReply`;
  const items = checkList(check, quickReply, place, 'items', { min: 1, max: 13, isRequired: true });
  eachObject(check, items, `${place}.items`, (item, at) => {
    checkWord(check, item, at, 'type', ['action'], true);
    checkMediaUrl(check, item, at, 'imageUrl');
    checkAction(check, item.action, `${at}.action`, 'quick-reply');
  });
}

function checkSender(check: LineCheck, message: Json, path: string): void {
  const sender = checkObject(check, message, path, 'sender');
  if (!sender) return;
  checkText(check, sender, `${path}.sender`, 'name', { max: 20 });
  checkMediaUrl(check, sender, `${path}.sender`, 'iconUrl');
}
