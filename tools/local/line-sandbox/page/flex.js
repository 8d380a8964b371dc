import { h, picture } from './element.js';

const GAPS = { none: '0', xs: '2px', sm: '4px', md: '8px', lg: '12px', xl: '16px', xxl: '20px' };
const FONTS = {
  xxs: '11px',
  xs: '13px',
  sm: '14px',
  md: '16px',
  lg: '19px',
  xl: '22px',
  xxl: '29px',
  '3xl': '35px',
  '4xl': '48px',
  '5xl': '74px',
};
const PICTURES = {
  xxs: '40px',
  xs: '60px',
  sm: '80px',
  md: '100px',
  lg: '120px',
  xl: '140px',
  xxl: '160px',
  '3xl': '180px',
  '4xl': '200px',
  '5xl': '220px',
  full: '100%',
};
const BORDERS = { none: '0', light: '0.5px', normal: '1px', medium: '2px', 'semi-bold': '3px', bold: '4px' };
const SIDES = { start: 'flex-start', end: 'flex-end', center: 'center', top: 'flex-start', bottom: 'flex-end' };

const gap = (value) => GAPS[value] ?? value;

/** Draws a flex container; `act` is called with the action that was tapped. */
export function flexView(container, act) {
  if (container.type === 'carousel') {
    return h('div', { class: 'carousel' }, ...container.contents.map((bubble) => bubbleView(bubble, act)));
  }
  return bubbleView(container, act);
}

function bubbleView(bubble, act) {
  const view = h('div', { class: `bubble ${bubble.size ?? 'mega'}`, dir: bubble.direction ?? 'ltr' });
  for (const block of ['header', 'hero', 'body', 'footer']) {
    if (!bubble[block]) continue;
    const style = bubble.styles?.[block] ?? {};
    if (style.separator) view.append(h('hr', { style: { borderColor: style.separatorColor ?? '' } }));
    const frame = h('div', { class: `block ${block}`, style: { backgroundColor: style.backgroundColor ?? '' } });
    frame.append(partView(bubble[block], 'vertical', act));
    view.append(frame);
  }
  return tappable(view, bubble.action, act);
}

function tappable(view, action, act) {
  if (!action) return view;
  view.classList.add('tappable');
  view.setAttribute('role', 'button');
  view.tabIndex = 0;
  const tap = (event) => {
    event.stopPropagation();
    act(action);
  };
  view.addEventListener('click', tap);
  view.addEventListener('keydown', (event) => event.key === 'Enter' && tap(event));
  return view;
}

/** A component inside a box of that layout. */
function partView(part, layout, act) {
  const view = drawPart(part, layout, act);
  const isAcross = layout !== 'vertical';
  const share = part.flex ?? (isAcross && ['box', 'button', 'image', 'text', 'filler'].includes(part.type) ? 1 : 0);
  view.style.flex = share > 0 ? `${share} ${isAcross ? '1 0' : '0 auto'}` : '0 0 auto';
  if (isAcross) view.style.minWidth = '0';
  if (part.margin) view.style[isAcross ? 'marginInlineStart' : 'marginTop'] = gap(part.margin);
  if (part.gravity && isAcross) view.style.alignSelf = SIDES[part.gravity];
  if (part.position === 'absolute') view.style.position = 'absolute';
  else if (part.offsetTop || part.offsetBottom || part.offsetStart || part.offsetEnd) view.style.position = 'relative';
  for (const [side, key] of [
    ['top', 'offsetTop'],
    ['bottom', 'offsetBottom'],
    ['insetInlineStart', 'offsetStart'],
    ['insetInlineEnd', 'offsetEnd'],
  ]) {
    if (part[key]) view.style[side] = gap(part[key]);
  }
  return part.type === 'button' ? view : tappable(view, part.action, act);
}

function drawPart(part, layout, act) {
  switch (part.type) {
    case 'box':
      return boxView(part, act);
    case 'text':
      return textView(part);
    case 'button':
      return buttonView(part, act);
    case 'image':
      return imageView(part);
    case 'icon':
      return picture(part.url, '', {
        class: 'flex-icon',
        style: { height: FONTS[part.size ?? 'md'] ?? part.size, alignSelf: 'center' },
      });
    case 'video':
      return partView(part.altContent, layout, act);
    case 'separator':
      return h('div', { class: `separator ${layout}`, style: { backgroundColor: part.color ?? '' } });
    case 'filler':
    case 'spacer':
      return h('div', { style: { minHeight: part.type === 'spacer' ? gap(part.size ?? 'md') : '' } });
    default:
      return h('div', {});
  }
}

function boxView(box, act) {
  const style = {
    backgroundColor: box.backgroundColor ?? '',
    borderStyle: box.borderWidth || box.borderColor ? 'solid' : 'none',
    borderColor: box.borderColor ?? '',
    borderWidth: box.borderWidth ? (BORDERS[box.borderWidth] ?? box.borderWidth) : box.borderColor ? '1px' : '0',
    borderRadius: gap(box.cornerRadius) ?? '',
    justifyContent: box.justifyContent ?? '',
    alignItems: box.alignItems ?? (box.layout === 'baseline' ? 'baseline' : ''),
    gap: gap(box.spacing) ?? '',
    width: box.width ?? '',
    maxWidth: box.maxWidth ?? '',
    height: box.height ?? '',
    maxHeight: box.maxHeight ?? '',
    padding: gap(box.paddingAll) ?? '',
    background: gradientOf(box.background),
  };
  if (!style.background) delete style.background;
  const view = h('div', { class: `box ${box.layout}`, style });
  for (const [side, key] of [
    ['paddingTop', 'paddingTop'],
    ['paddingBottom', 'paddingBottom'],
    ['paddingInlineStart', 'paddingStart'],
    ['paddingInlineEnd', 'paddingEnd'],
  ]) {
    if (box[key]) view.style[side] = gap(box[key]);
  }
  view.append(...box.contents.map((part) => partView(part, box.layout, act)));
  return view;
}

function gradientOf(background) {
  if (background?.type !== 'linearGradient') return '';
  const centre = background.centerColor ? `${background.centerColor} ${background.centerPosition ?? '50%'},` : '';
  return `linear-gradient(${background.angle}, ${background.startColor}, ${centre} ${background.endColor})`;
}

const fontOf = (part) => ({
  fontSize: part.size ? (FONTS[part.size] ?? part.size) : '',
  color: part.color ?? '',
  fontWeight: part.weight === 'bold' ? '700' : '',
  fontStyle: part.style ?? '',
  textDecoration: part.decoration && part.decoration !== 'none' ? part.decoration : '',
});

function textView(part) {
  const style = { ...fontOf(part), textAlign: part.align ?? '' };
  if (part.lineSpacing) style.lineHeight = `calc(1.4em + ${part.lineSpacing})`;
  if (part.wrap && part.maxLines) style.webkitLineClamp = String(part.maxLines);
  const view = h('div', {
    class: `text ${part.wrap ? 'wrap' : ''} ${part.wrap && part.maxLines ? 'clamp' : ''}`,
    style,
  });
  const spans = (part.contents ?? []).map((span) => h('span', { style: fontOf(span) }, span.text ?? ''));
  view.append(...(spans.length > 0 ? spans : [part.text ?? '']));
  return view;
}

function buttonView(part, act) {
  const kind = part.style ?? 'link';
  const style = kind === 'link' ? { color: part.color ?? '' } : { backgroundColor: part.color ?? '' };
  const button = h(
    'button',
    {
      type: 'button',
      class: `flex-button ${kind} ${part.height ?? 'md'}`,
      style,
      on: { click: () => act(part.action) },
    },
    part.action.label ?? '',
  );
  return h('div', { class: 'button-frame' }, button);
}

function imageView(part) {
  const [width, height] = (part.aspectRatio ?? '1:1').split(':');
  const size = PICTURES[part.size ?? 'md'] ?? part.size;
  const align = { start: '0 auto 0 0', end: '0 0 0 auto' }[part.align] ?? '0 auto';
  const style = {
    width: '100%',
    maxWidth: size,
    aspectRatio: `${width} / ${height}`,
    objectFit: part.aspectMode === 'cover' ? 'cover' : 'contain',
    backgroundColor: part.backgroundColor ?? '',
    margin: align,
  };
  return h('div', { class: 'image-frame' }, picture(part.url, '', { class: 'flex-image', style }));
}
