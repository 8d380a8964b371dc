/** A JSON Schema, or a part of one. */
export type Schema = { [key: string]: unknown };

const PARAM: Schema = { $ref: '#/definitions/param' };

/** A value, or a whole param in its place. */
export const orParam = (schema: Schema): Schema => ({ anyOf: [schema, PARAM] });

/** Where a param would stand inside a text: nobody fills it in. */
const WHOLE_OR_NONE = '^(?![\\s\\S]*\\{\\{)|^\\{\\{\\s*[^{}\\s]+\\s*\\}\\}$';

/** The same schema with a param in the place of every word and flag, and none inside a text. */
export function withParams(schema: Schema): Schema {
  const { title, description, ...rest } = schema;
  const said = { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) };
  if ('const' in rest || 'enum' in rest)
    return typeof said.title === 'string' || !('const' in rest) ? { ...said, ...orParam(rest) } : schema;
  const inner = Object.fromEntries(
    Object.entries(rest).map(([key, one]) => [key, NAMES.includes(key) ? one : deeper(key, one)]),
  );
  const isText = [rest.type].flat().includes('string') && rest.pattern === undefined && rest.anyOf === undefined;
  return { ...said, ...inner, ...(isText ? { pattern: WHOLE_OR_NONE } : {}) };
}

/** Words that are no values of a file. */
const NAMES = ['propertyNames', 'dependencies', 'required', 'type', 'pattern', 'const', 'enum', '$ref'];
/** Keys whose entries are schemas by name. */
const BY_NAME = ['properties', 'patternProperties', 'definitions'];

function deeper(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => deeper('', one));
  if (typeof value !== 'object' || value === null) return value;
  if (!BY_NAME.includes(key)) return withParams(value as Schema);
  const kept = ['$schema', 'params', 'param', 'event'];
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      kept.includes(name) && key !== 'patternProperties' ? one : withParams(one as Schema),
    ]),
  );
}
