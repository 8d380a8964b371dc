import { closest } from '../scenario/closest.ts';
import type { Finding } from '../scenario/finding.ts';
import { isJson } from './line-check.ts';

const EVERYWHERE = ['type', 'quickReply', 'sender', 'for', 'if', 'block'];
/** What LINE's messages may carry; outside of flex it passes over what it does not know, without a word. */
const FIELDS: Record<string, readonly string[]> = {
  text: ['text', 'emojis', 'quoteToken'],
  textV2: ['text', 'substitution', 'quoteToken'],
  sticker: ['packageId', 'stickerId', 'quoteToken'],
  image: ['originalContentUrl', 'previewImageUrl'],
  video: ['originalContentUrl', 'previewImageUrl', 'trackingId'],
  audio: ['originalContentUrl', 'duration'],
  location: ['title', 'address', 'latitude', 'longitude'],
  imagemap: ['baseUrl', 'altText', 'baseSize', 'video', 'actions'],
  template: ['altText', 'template'],
  flex: ['altText', 'contents'],
  coupon: ['couponId', 'deliveryTag'],
};

/** Fields of messages that LINE would ignore: most are misspelt. */
export function ignoredFields(messages: unknown): Finding[] {
  if (!Array.isArray(messages)) return [];
  return messages.flatMap((message, i): Finding[] => {
    const own = isJson(message) && typeof message.type === 'string' ? FIELDS[message.type] : undefined;
    if (!own) return [];
    const known = [...own, ...EVERYWHERE];
    return Object.keys(message)
      .filter((key) => !known.includes(key))
      .map((key) => {
        const meant = closest(key, known);
        return {
          level: 'warning',
          rule: 'line-ignored',
          path: ['messages', i, key],
          isOfKey: true,
          message: `「${key}」は LINE に無視されます。`,
          messageEn: `LINE ignores "${key}".`,
          suggestion: meant
            ? `"${meant}" ではありませんか?`
            : `ここに書けるのは ${own.join('、')}、quickReply、sender です。`,
          suggestionEn: meant ? `Did you mean "${meant}"?` : `Known here: ${own.join(', ')}, quickReply, sender.`,
        };
      });
  });
}
