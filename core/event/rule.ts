import type * as z from 'zod/mini';

/** What is wrong with one event: the field as a path from its root, the rule as a sentence without a subject. Never the value. */
export interface FieldError {
  field: string;
  rule: string;
}

const KINDS: Record<string, string> = {
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** A finding of zod as field and rule: the path from the event's root, and a sentence of ours. Values are never repeated. */
export function ruleOf(issue: z.core.$ZodIssue, value: unknown, under: string): FieldError {
  const field = [under, ...issue.path.map(String)].filter((part) => part !== '').join('.');
  if (isMissing(value, issue.path)) return { field, rule: 'is required' };
  return { field, rule: issue.message === 'Invalid input' ? said(issue) : issue.message };
}

function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return false;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at === undefined;
}

function said(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', String(issue.maximum))}`;
    case 'too_small':
      return `must ${bound(issue.origin, 'at least', String(issue.minimum))}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'invalid_key':
      return 'has a key that is too long';
    default:
      return 'has a form that is not taken';
  }
}

function bound(origin: string, how: string, limit: string): string {
  if (origin === 'string') return `have ${how} ${limit} characters`;
  return origin === 'array' ? `have ${how} ${limit} entries` : `be ${how} ${limit}`;
}
