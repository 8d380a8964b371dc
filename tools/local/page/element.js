/** Makes an element; text is always text, so nothing a message says can become markup. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'style') Object.assign(element.style, value);
    else if (name === 'on')
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** A picture that shows what is missing when its address can't be reached. */
export function picture(url, alt, props = {}) {
  const image = h('img', { src: url, alt, referrerpolicy: 'no-referrer', loading: 'lazy', ...props });
  image.addEventListener('error', () => {
    image.replaceWith(h('span', { class: `no-picture ${props.class ?? ''}`, title: url, style: props.style }, '画像'));
  });
  return image;
}

/** Text with its web addresses as links. */
export function linked(text) {
  return text
    .split(/(https?:\/\/[^\s<>"'、。」)]+)/)
    .map((part, index) =>
      index % 2 === 1 ? h('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part) : part,
    );
}
