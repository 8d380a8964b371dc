import { h, linked, picture } from './element.js';
import { flexView } from './flex.js';

const ZONE = 'Asia/Tokyo';
const day = new Intl.DateTimeFormat('ja-JP', {
  timeZone: ZONE,
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  weekday: 'short',
});
const minute = new Intl.DateTimeFormat('ja-JP', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export const dayOf = (at) => day.format(new Date(at));
export const minuteOf = (at) => minute.format(new Date(at));

const NOTICES = {
  followed: '友だちに追加しました',
  blocked: 'ブロックしました',
  unblocked: 'ブロックを解除しました',
  tapped: 'ボタンを押しました(お店にだけ伝わります)',
};

/** The chat of one person, oldest first, a line between days. */
export function chatView(entries, accountName, act) {
  const views = [];
  let lastDay;
  for (const entry of entries) {
    const today = dayOf(entry.at);
    if (today !== lastDay) views.push(h('div', { class: 'day' }, h('span', {}, today)));
    lastDay = today;
    views.push(...entryViews(entry, accountName, act));
  }
  return views;
}

function entryViews(entry, accountName, act) {
  if (entry.kind === 'notice') return [h('div', { class: 'notice' }, NOTICES[entry.notice])];
  const time = h('time', { datetime: entry.at }, minuteOf(entry.at));
  if (entry.kind === 'said') {
    const bubble = entry.sticker
      ? stickerView(entry.sticker)
      : h('div', { class: 'words' }, ...linked(entry.text ?? ''));
    return [h('div', { class: 'line mine' }, time, bubble)];
  }
  if (!entry.isDelivered) {
    return [
      h('div', { class: 'notice' }, `お店が${entry.messages.length}通送りましたが、ブロック中なので届いていません`),
    ];
  }
  return entry.messages.map((message, index) =>
    h(
      'div',
      { class: `line theirs ${isWide(message) ? 'wide' : ''}` },
      h('span', { class: `face ${index > 0 ? 'again' : ''}`, 'aria-hidden': 'true' }, accountName.slice(0, 1)),
      h(
        'div',
        { class: 'said' },
        index === 0 ? h('div', { class: 'name' }, message.sender?.name ?? accountName) : null,
        h('div', { class: 'with-time' }, messageView(message, act), time.cloneNode(true)),
      ),
    ),
  );
}

const isWide = (message) =>
  message.contents?.type === 'carousel' || ['carousel', 'image_carousel'].includes(message.template?.type);

const stickerView = (sticker) =>
  h('div', { class: 'sticker' }, 'スタンプ', h('small', {}, `${sticker.packageId} / ${sticker.stickerId}`));

function messageView(message, act) {
  switch (message.type) {
    case 'text':
    case 'textV2':
      return h('div', { class: 'words' }, ...linked(message.text));
    case 'sticker':
      return stickerView(message);
    case 'image':
      return h(
        'a',
        { class: 'photo', href: message.originalContentUrl, target: '_blank', rel: 'noopener noreferrer' },
        picture(message.previewImageUrl, '写真'),
      );
    case 'flex':
      return flexView(message.contents, act);
    case 'template':
      return templateView(message.template, act);
    case 'video':
    case 'audio':
      return h(
        'a',
        { class: 'words', href: message.originalContentUrl, target: '_blank', rel: 'noopener noreferrer' },
        message.type === 'video' ? '▶ 動画を開く' : '▶ 音声を開く',
      );
    case 'location':
      return h('div', { class: 'words' }, h('strong', {}, message.title), h('br'), message.address);
    case 'imagemap':
      return h(
        'div',
        { class: 'bubble kilo' },
        h('div', { class: 'block body' }, message.altText),
        ...message.actions.map((action) =>
          actionButton({ ...action, uri: action.linkUri, label: action.label ?? action.linkUri ?? action.text }, act),
        ),
      );
    case 'coupon':
      return h('div', { class: 'words' }, `クーポン ${message.couponId}`);
    default:
      return h('div', { class: 'words' }, message.altText ?? '(表示できないメッセージ)');
  }
}

const actionButton = (action, act) =>
  h('button', { type: 'button', class: 'template-button', on: { click: () => act(action) } }, action.label ?? '');

function templateView(template, act) {
  if (template.type === 'carousel') {
    return h('div', { class: 'carousel' }, ...template.columns.map((column) => cardView(column, template, act)));
  }
  if (template.type === 'image_carousel') {
    return h('div', { class: 'carousel' }, ...template.columns.map((column) => imageCardView(column, act)));
  }
  return cardView(template, template, act);
}

function imageCardView(column, act) {
  const label = column.action.label ? h('span', { class: 'over' }, column.action.label) : null;
  return h(
    'button',
    { type: 'button', class: 'bubble image-card', on: { click: () => act(column.action) } },
    picture(column.imageUrl, column.action.label ?? ''),
    label,
  );
}

function cardView(card, template, act) {
  const isAcross = template.type === 'confirm';
  const tap = card.defaultAction ? { on: { click: () => act(card.defaultAction) } } : {};
  return h(
    'div',
    { class: `bubble template ${template.type}` },
    card.thumbnailImageUrl
      ? picture(card.thumbnailImageUrl, '', {
          class: `thumb ${template.imageAspectRatio ?? 'rectangle'}`,
          style: { objectFit: template.imageSize ?? 'cover', backgroundColor: card.imageBackgroundColor ?? '' },
        })
      : null,
    h(
      'div',
      { class: `block body ${card.defaultAction ? 'tappable' : ''}`, ...tap },
      card.title ? h('strong', {}, card.title) : null,
      h('p', {}, card.text),
    ),
    h('div', { class: isAcross ? 'across' : 'down' }, ...card.actions.map((action) => actionButton(action, act))),
  );
}

/** The quick replies of the last message, while nobody has written after it. */
export function quickReplies(entries, act) {
  const last = entries.findLast((entry) => entry.kind !== 'notice');
  const items = last?.kind === 'delivery' && last.isDelivered ? (last.messages.at(-1)?.quickReply?.items ?? []) : [];
  return items.map(({ imageUrl, action }) =>
    h(
      'button',
      { type: 'button', on: { click: () => act(action) } },
      imageUrl ? picture(imageUrl, '', { class: 'icon' }) : null,
      action.label ?? '',
    ),
  );
}

/** What the list shows of the last thing that happened. */
export function previewOf(entry) {
  if (!entry) return 'まだ何もありません';
  if (entry.kind === 'notice') return NOTICES[entry.notice];
  if (entry.kind === 'said') return entry.text ?? 'スタンプを送りました';
  if (!entry.isDelivered) return '(ブロック中なので届いていません)';
  const message = entry.messages.at(-1) ?? {};
  return message.text ?? message.altText ?? { image: '写真', sticker: 'スタンプ' }[message.type] ?? 'メッセージ';
}
