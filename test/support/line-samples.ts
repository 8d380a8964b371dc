/** One of each thing a message may hold, all within LINE's rules. */
const link = (label: string) => ({ type: 'uri', label, uri: 'https://example.jp/' });
const postback = { type: 'postback', label: '回答する', data: 'action=answer&value=1', displayText: '回答します' };
const answer = { type: 'message', label: 'はい', text: 'はい' };
const picker = { type: 'datetimepicker', label: '日を選ぶ', data: 'a=1', mode: 'date', initial: '2026-12-01' };
const copy = { type: 'clipboard', label: 'コピー', clipboardText: 'ABC123' };
const image = 'https://example.jp/a.jpg';

const text = (words: string, more: object = {}) => ({ type: 'text', text: words, ...more });
const box = (layout: string, contents: unknown[], more: object = {}) => ({ type: 'box', layout, contents, ...more });

export const lineSamples: Record<string, unknown> = {
  text: { ...text('こんにちは'), sender: { name: '店長', iconUrl: image } },
  emoji: { ...text('$ やあ'), emojis: [{ index: 0, productId: '5ac1bfd5040ab15980c9b435', emojiId: '001' }] },
  textV2: { type: 'textV2', text: 'やあ' },
  sticker: { type: 'sticker', packageId: '446', stickerId: '1988' },
  image: { type: 'image', originalContentUrl: image, previewImageUrl: image },
  video: { type: 'video', originalContentUrl: 'https://example.jp/a.mp4', previewImageUrl: image, trackingId: 't1' },
  audio: { type: 'audio', originalContentUrl: 'https://example.jp/a.m4a', duration: 60_000 },
  location: { type: 'location', title: '店', address: '東京都', latitude: 35.6, longitude: 139.7 },
  coupon: { type: 'coupon', couponId: '01JYNW8JMQVFBNWF1APF8Z3FS7', deliveryTag: 'letter' },
  imagemap: {
    type: 'imagemap',
    baseUrl: 'https://example.jp/map',
    altText: '地図',
    baseSize: { width: 1040, height: 1040 },
    actions: [{ type: 'uri', linkUri: 'https://example.jp/', area: { x: 0, y: 0, width: 520, height: 1040 } }],
  },
  quickReply: {
    ...text('いかがですか'),
    quickReply: {
      items: [answer, postback, picker, copy, { type: 'camera', label: '撮る' }].map((action) => ({
        type: 'action',
        action,
      })),
    },
  },
  buttons: {
    type: 'template',
    altText: 'お知らせ',
    template: {
      type: 'buttons',
      thumbnailImageUrl: image,
      imageAspectRatio: 'square',
      imageSize: 'contain',
      imageBackgroundColor: '#FFFFFF',
      title: '題',
      text: '本文',
      defaultAction: link('見る'),
      actions: [link('見る'), postback, answer, picker],
    },
  },
  confirm: {
    type: 'template',
    altText: '確認',
    template: { type: 'confirm', text: 'よいですか', actions: [answer, link('いいえ')] },
  },
  carousel: {
    type: 'template',
    altText: '商品',
    template: {
      type: 'carousel',
      columns: [1, 2].map((number) => ({ title: `商品${number}`, text: '説明', actions: [link('見る'), copy] })),
    },
  },
  imageCarousel: {
    type: 'template',
    altText: '写真',
    template: { type: 'image_carousel', columns: [{ imageUrl: image, action: link('見る') }] },
  },
  flex: {
    type: 'flex',
    altText: 'ご購入ありがとうございました',
    contents: {
      type: 'bubble',
      size: 'mega',
      direction: 'ltr',
      header: box('vertical', [text('見出し')], {
        background: { type: 'linearGradient', angle: '90deg', startColor: '#FFFFFF', endColor: '#0080FF' },
      }),
      hero: { type: 'image', url: image, size: 'full', aspectRatio: '20:13', aspectMode: 'cover', action: link('x') },
      body: box(
        'vertical',
        [
          text('題', { weight: 'bold', size: 'xl', wrap: true, maxLines: 2, lineSpacing: '4px', align: 'center' }),
          box('baseline', [
            { type: 'icon', url: image, size: 'sm' },
            text('4.0', { flex: 0, margin: 'md' }),
            { type: 'filler' },
          ]),
          { type: 'separator', margin: 'lg', color: '#DDDDDD' },
          { type: 'text', contents: [{ type: 'span', text: '¥1,980', weight: 'bold', color: '#C0392B' }] },
          box('horizontal', [text('合計'), text('¥2,480', { align: 'end', gravity: 'bottom' })], {
            spacing: 'sm',
            paddingAll: '10%',
            cornerRadius: '8px',
            borderWidth: 'semi-bold',
            borderColor: '#00000080',
            justifyContent: 'space-between',
            alignItems: 'center',
            action: postback,
          }),
        ],
        { paddingTop: 'none', backgroundColor: '#FFFFFFEE' },
      ),
      footer: box('vertical', [
        {
          type: 'button',
          style: 'primary',
          color: '#2F5D8A',
          height: 'sm',
          adjustMode: 'shrink-to-fit',
          action: link('見る'),
        },
      ]),
      styles: { footer: { separator: true, separatorColor: '#EEEEEE', backgroundColor: '#FFFFFF' } },
    },
  },
  flexCarousel: {
    type: 'flex',
    altText: 'おすすめ',
    contents: {
      type: 'carousel',
      contents: [1, 2].map((number) => ({
        type: 'bubble',
        size: 'micro',
        body: box('vertical', [text(`商品${number}`)]),
      })),
    },
  },
  flexVideo: {
    type: 'flex',
    altText: '動画',
    contents: {
      type: 'bubble',
      size: 'kilo',
      hero: {
        type: 'video',
        url: 'https://example.jp/a.mp4',
        previewUrl: image,
        aspectRatio: '20:13',
        altContent: { type: 'image', url: image, size: 'full' },
      },
    },
  },
};
