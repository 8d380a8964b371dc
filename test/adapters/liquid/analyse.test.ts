import { describe, expect, test } from '@jest/globals';
import { createAnalyser } from '#adapters/liquid/analyse.ts';

const analyse = createAnalyser();
function usesIn(source: string): string[] {
  const analysis = analyse(source);
  if ('fault' in analysis) throw new Error(analysis.fault.message);
  return analysis.uses.map(
    (use) =>
      `${use.path}${use.loop ? ` in ${use.loop}` : ''}${use.isOutput ? '' : ' asked'}${use.isSafe ? ' safe' : ''}`,
  );
}
const faultIn = (source: string) => {
  const analysis = analyse(source);
  return 'fault' in analysis
    ? { rule: analysis.fault.rule, ...analysis.fault.position, suggestion: analysis.fault.suggestion }
    : undefined;
};

describe('what a template speaks of', () => {
  test('is every path, with its place', () => {
    const analysis = analyse('こんにちは\n  {{ customer.name }}');
    expect('uses' in analysis && analysis.uses[0]?.position).toEqual({ line: 2, column: 6 });
    expect(usesIn('{{ a.b[0].c }}{{ a["x y"].d }}{{ "text" | append: e.f }}')).toEqual([
      'a.b.c',
      'a.x y.d',
      'e.f asked',
    ]);
  });
  test('is safe with a default, or inside an if that asks for it', () => {
    expect(usesIn('{{ a | default: "x" }}{{ b | upcase | default: c }}')).toEqual(['a safe', 'b safe', 'c asked']);
    expect(
      usesIn('{% if a.b %}{{ a.b }}{{ a.b.c }}{{ a.d }}{% elsif e > 1 %}{{ e }}{% else %}{{ a.b }}{% endif %}'),
    ).toEqual(['a.b asked', 'a.b safe', 'a.b.c safe', 'a.d', 'e asked', 'e safe', 'a.b']);
  });
  test("of a loop is the list's items, and only inside it", () => {
    expect(
      usesIn(
        '{% for x in a.list limit: 5 %}{{ x.name }}{{ forloop.index }}{% for y in x.kids %}{{ y }}{% endfor %}{% else %}{{ x }}{% endfor %}',
      ),
    ).toEqual([
      'a.list asked',
      'a.list.name in a.list',
      'a.list.kids in a.list asked',
      'a.list.kids in a.list.kids',
      'x',
    ]);
  });
  test('is not what it makes itself', () => {
    expect(usesIn('{% assign x = a.b %}{{ x.c }}{% capture y %}{{ d }}{% endcapture %}{{ y }}')).toEqual([
      'a.b asked',
      'd',
    ]);
  });
});

describe("a template that can't be read", () => {
  test('tells the place of an open tag and of a filter nobody knows', () => {
    expect(faultIn('a\n{% if b %}')).toMatchObject({ rule: 'liquid-syntax', line: 2, column: 1 });
    expect(faultIn('{{ a | upcse }}')).toMatchObject({
      rule: 'liquid-filter',
      suggestion: '"upcase" ではありませんか?',
    });
    expect(faultIn('{{ a ')).toMatchObject({ rule: 'liquid-syntax' });
  });
  test('may not switch off what keeps a customer’s words from being markup', () => {
    expect(faultIn('{{ a | raw }}')).toMatchObject({ rule: 'liquid-filter', line: 1, column: 1 });
    expect(faultIn('{% raw %}{{ a }}{% endraw %}')).toBeUndefined();
  });
  test('may not read other files', () => {
    for (const tag of ['{% include "x" %}', '{% render "x" %}', '{% layout "x" %}'])
      expect(faultIn(tag)?.rule).toBe('liquid-tag');
  });
});
