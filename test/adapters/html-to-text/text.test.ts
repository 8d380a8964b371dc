import { expect, test } from '@jest/globals';
import { textOf } from '#adapters/html-to-text/text.ts';

test('a table is a line for each row, and a loop around rows leaves no empty lines', () => {
  const html = `<p>お品物</p><table>{% for item in items %}<tr><td>{{ item.name }}</td><td>{{ item.quantity }}点</td></tr>{% endfor %}</table><p>以上</p>`;
  expect(textOf(html)).toBe(
    'お品物\n\n{% for item in items %}{{ item.name }} {{ item.quantity }}点\n{% endfor %}\n以上\n',
  );
});
test('links keep their address, pictures and hidden styles go', () => {
  expect(textOf('<style>a{}</style><img src="x.jpg"><a href="https://a.jp/?a=1&amp;b=2">続き</a>')).toBe(
    '続き https://a.jp/?a=1&b=2\n',
  );
  expect(textOf('<a href="https://a.jp/">https://a.jp/</a>')).toBe('https://a.jp/\n');
});
test('quotes and signs in Liquid come out as they were written', () => {
  expect(textOf('<div>{{ a | default: &quot;お客&quot; }} {% if b &gt; 1 %}x{% endif %} &amp; 3 &lt; 4</div>')).toBe(
    '{{ a | default: "お客" }} {% if b > 1 %}x{% endif %} & 3 < 4\n',
  );
});
