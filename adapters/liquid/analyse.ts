import { ForTag, IfTag, type Liquid, LiquidError, Output, TagToken, type Template, UnlessTag, Value } from 'liquidjs';
import type { LiquidAnalysis, LiquidUse } from '#core/ports/publication.ts';
import { closest } from '#core/scenario/closest.ts';
import type { Finding, Position } from '#core/scenario/finding.ts';
import { engineOf } from './render.ts';

/** Tags that would read other files, or mean nothing in a message. */
const REFUSED = ['include', 'render', 'layout', 'block'];

/** Reads a template as the senders will: a syntax error with its place, or every value it speaks of. */
export function createAnalyser(): (source: string) => LiquidAnalysis {
  const engine = engineOf({ zone: () => [], currency: () => 'JPY' }, false);
  return (source) => {
    try {
      const templates = engine.parse(source);
      const walk: Walk = { uses: [], tags: [] };
      visit(walk, templates, { aliases: new Map(), guards: [], isCertain: true });
      return { uses: walk.uses, tags: walk.tags };
    } catch (error) {
      return { fault: faultOf(error, engine) };
    }
  };
}

interface Walk {
  uses: LiquidUse[];
  tags: string[];
}
/**
 * `aliases`: what a name of the template stands for; a loop variable stands for its list. `guards`: paths an enclosing `if` asks for.
 * `isCertain`: everybody comes by, once.
 */
interface Scope {
  aliases: ReadonlyMap<string, string | undefined>;
  guards: readonly string[];
  isCertain: boolean;
}

class Refused extends Error {
  readonly position: Position;
  readonly tag: string;
  constructor(tag: string, position: Position) {
    super(tag);
    this.tag = tag;
    this.position = position;
  }
}

function visit(walk: Walk, templates: Template[], outer: Scope): void {
  let scope = outer;
  for (const template of templates) {
    if (template.token instanceof TagToken) {
      walk.tags.push(oneLine(template.token.getText()));
      if (REFUSED.includes(template.token.name)) throw new Refused(template.token.name, positionOf(template.token));
    } else if (template instanceof Output) walk.tags.push(oneLine(template.token.getText()));
    if (template instanceof Output) {
      note(walk, template.value, scope, true);
    } else if (template instanceof IfTag || template instanceof UnlessTag) {
      visitBranches(walk, template, scope);
    } else if (template instanceof ForTag) {
      visitLoop(walk, template, scope);
    } else {
      for (const argument of template.arguments?.() ?? []) note(walk, argument, scope, isEcho(template));
      const names = [...(template.localScope?.() ?? [])].map((token) => token.content);
      if (names.length > 0) scope = withAliases(scope, names, undefined);
      const inner = withAliases(scope, [...(template.blockScope?.() ?? [])], undefined);
      visit(walk, childrenOf(template), { ...inner, isCertain: false });
    }
  }
}

/** A tag over several lines is the same tag. */
const oneLine = (tag: string): string => tag.replace(/\s+/g, ' ');

const isEcho = (template: Template): boolean => template.token instanceof TagToken && template.token.name === 'echo';

function visitBranches(walk: Walk, tag: IfTag | UnlessTag, scope: Scope): void {
  let guards = scope.guards;
  for (const { value, templates } of tag.branches) {
    // An `unless` tag's later branches hold parsed values, its first a condition: both are asked, not written.
    note(walk, value, scope, false);
    guards = [...guards, ...pathsIn(value, scope).map(({ path }) => path)];
    visit(walk, templates, { ...scope, guards, isCertain: false });
  }
  const otherwise = { ...scope, isCertain: false };
  visit(walk, tag.elseTemplates ?? [], tag instanceof UnlessTag ? { ...otherwise, guards } : otherwise);
}

function visitLoop(walk: Walk, tag: ForTag, outer: Scope): void {
  const scope = { ...outer, isCertain: false };
  const [list] = pathsIn(tag.collection, scope);
  for (const argument of tag.arguments()) note(walk, argument, scope, false);
  const looped = withAliases(scope, [tag.variable], list === undefined ? undefined : `${list.path}[]`);
  visit(walk, tag.templates, withAliases(looped, ['forloop'], undefined));
  visit(walk, tag.elseTemplates ?? [], scope);
}

function withAliases(scope: Scope, names: string[], path: string | undefined): Scope {
  if (names.length === 0) return scope;
  const aliases = new Map(scope.aliases);
  for (const name of names) aliases.set(name, path);
  return { ...scope, aliases };
}

/** Template's children; those of partials are never asked for. */
function childrenOf(template: Template): Template[] {
  const children = template.children?.(false, true);
  if (!children) return [];
  let step = children.next();
  while (!step.done) step = children.next(step.value);
  return step.value;
}

function note(walk: Walk, argument: unknown, scope: Scope, isOutput: boolean): void {
  const hasDefault = argument instanceof Value && argument.filters.some((filter) => filter.name === 'default');
  for (const { path, position, isFirst } of pathsIn(argument, scope)) {
    const isGuarded = scope.guards.some((guard) => path === guard || path.startsWith(`${guard}.`));
    const loop = /^(.*)\[\]/.exec(path)?.[1]?.replaceAll('[]', '');
    walk.uses.push({
      path: path.replaceAll('[]', ''),
      ...(loop === undefined ? {} : { loop }),
      position,
      isOutput: isOutput && isFirst,
      isSafe: isGuarded || (isFirst && hasDefault),
      isCertain: scope.isCertain,
    });
  }
}

interface Found {
  path: string;
  position: Position;
  /** The value itself, not an argument of one of its filters. */
  isFirst: boolean;
}

interface AnyToken {
  props?: AnyToken[];
  content?: unknown;
  variable?: AnyToken;
  lhs?: AnyToken;
  rhs?: AnyToken;
  initial?: AnyToken;
  filters?: AnyToken[];
  getText(): string;
  getPosition(): number[];
}

/** Every path in an expression, aliases resolved; names made by the template itself are left out. */
function pathsIn(argument: unknown, scope: Scope): Found[] {
  if (argument instanceof Value) {
    const own = argument.initial.postfix.flatMap((token) => pathsIn(token, scope));
    const ofFilters = argument.filters.flatMap((filter) =>
      filter.args.flatMap((arg) => pathsIn(Array.isArray(arg) ? arg[1] : arg, scope)),
    );
    return [...own, ...ofFilters.map((found) => ({ ...found, isFirst: false }))];
  }
  const token = argument as AnyToken | undefined;
  if (token === undefined || typeof token !== 'object') return [];
  if (token.lhs && token.rhs) return [...pathsIn(token.lhs, scope), ...pathsIn(token.rhs, scope)];
  if (!token.props) return token.initial ? pathsIn(token.initial, scope) : [];
  const path = pathOf(token, scope);
  const [line = 1, column = 1] = token.getPosition();
  const inner = token.props.slice(1).flatMap((prop) => (prop.props ? pathsIn(prop, scope) : []));
  const nested = inner.map((found) => ({ ...found, isFirst: false }));
  return path === undefined ? nested : [{ path, position: { line, column }, isFirst: true }, ...nested];
}

function pathOf(token: AnyToken, scope: Scope): string | undefined {
  const [root, ...props] = token.props ?? [];
  if (token.variable !== undefined || typeof root?.content !== 'string') return undefined;
  const begin = scope.aliases.has(root.content) ? scope.aliases.get(root.content) : root.content;
  if (begin === undefined) return undefined;
  const names = props.flatMap((prop) => (typeof prop.content === 'string' ? [prop.content] : []));
  return [begin, ...names.filter((name) => !OF_LISTS.has(name))].join('.');
}

/** What Liquid itself knows of a list: it speaks of the list, or of one of its items. */
const OF_LISTS: ReadonlySet<string> = new Set(['size', 'first', 'last']);

const positionOf = (token: { getPosition(): number[] }): Position => {
  const [line = 1, column = 1] = token.getPosition();
  return { line, column };
};

function faultOf(error: unknown, engine: Liquid): Finding {
  if (error instanceof Refused) {
    return fault('liquid-tag', error.position, {
      message: `{% ${error.tag} %} は使えません。`,
      messageEn: `{% ${error.tag} %} is not available.`,
      suggestion: 'ほかのファイルは読み込めません。内容をこのファイルに書いてください。',
      suggestionEn: 'No other file can be read: write the content here.',
    });
  }
  if (!LiquidError.is(error)) throw error;
  const position = positionOf(error.token);
  const text = error.originalError?.message ?? error.message;
  const filter = /undefined filter: (\S+)/.exec(text)?.[1];
  if (filter === 'raw') {
    return fault('liquid-filter', position, {
      message: '「| raw」は使えません。お客様が書いた文字が、メールの HTML として働いてしまうためです。',
      messageEn: '"| raw" is not available: what a customer wrote would act as markup of the mail.',
      suggestion: '「| raw」を消してください。HTML はテンプレートに直接書けます。',
      suggestionEn: 'Take "| raw" away. HTML of your own is written into the template itself.',
    });
  }
  if (filter !== undefined) {
    const meant = closest(filter, Object.keys(engine.filters));
    return fault('liquid-filter', position, {
      message: `「| ${filter}」という書き方(フィルター)はありません。`,
      messageEn: `There is no filter "${filter}".`,
      ...(meant ? { suggestion: `"${meant}" ではありませんか?`, suggestionEn: `Did you mean "${meant}"?` } : {}),
    });
  }
  return fault('liquid-syntax', position, {
    message: '差し込み({{ … }} や {% … %})の書き方が正しくありません。',
    messageEn: `Liquid can't be read: ${text.split('\n')[0]}`,
    suggestion:
      '{{ と }}、{% と %} の対応、{% if %} と {% endif %}、{% for %} と {% endfor %} の組を確かめてください。',
    suggestionEn: 'Check that every bracket and every if / for is closed.',
  });
}

const fault = (
  rule: string,
  position: Position,
  said: Pick<Finding, 'message' | 'messageEn' | 'suggestion' | 'suggestionEn'>,
): Finding => ({ level: 'error', rule, path: [], position, ...said });
