import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

/** LINE's own OpenAPI lies beside the repository on some machines; it is not ours to copy. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'reference', 'line-openapi');

type Schema = Record<string, unknown>;
type File = 'messaging-api' | 'webhook';

/** False where LINE's OpenAPI is absent: then the checks here pass without looking, and suites should skip with that word. */
export const hasLineOpenApi = existsSync(join(FOLDER, 'messaging-api.yml'));
/** For a suite's name: says that it is skipped, and why. */
export const lineOpenApiNote = hasLineOpenApi ? '' : " (skipped: LINE's OpenAPI is not on this machine)";

const documents = new Map<File, Schema>();
const validators = new Map<string, ValidateFunction>();

function documentOf(file: File): Schema {
  const known = documents.get(file);
  if (known) return known;
  const read = parse(readFileSync(join(FOLDER, `${file}.yml`), 'utf8')) as Schema;
  documents.set(file, read);
  return read;
}

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const nameOf = (ref: string): string => ref.split('/').at(-1)!;
const schemasOf = (file: File): Record<string, Schema> =>
  (documentOf(file).components as { schemas: Record<string, Schema> }).schemas;

/**
 * OpenAPI 3.0 inherits with a discriminator: a parent names its children, each of which has the parent in `allOf`. JSON Schema has no
 * such thing, so a parent becomes two: its plain fields (`NAME.base`, which the children take in) and a choice by `type` (`NAME`).
 */
function converted(file: File): Record<string, Schema> {
  const schemas = schemasOf(file);
  const made: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const { discriminator, ...plain } = convert(schema, schemas) as Schema & { discriminator?: unknown };
    const mapping = isObject(schema.discriminator)
      ? (schema.discriminator.mapping as Record<string, string>)
      : undefined;
    if (!mapping) {
      made[name] = isClosed(schema) ? { ...plain, unevaluatedProperties: false } : plain;
      continue;
    }
    const key = String((schema.discriminator as Schema).propertyName);
    made[`${name}.base`] = plain;
    made[name] = {
      type: 'object',
      required: [key],
      properties: { [key]: { enum: Object.keys(mapping) } },
      allOf: Object.entries(mapping).map(([value, ref]) => ({
        if: { properties: { [key]: { const: value } } },
        then: { $ref: `#/$defs/${nameOf(ref)}` },
      })),
    };
  }
  return made;
}

/** Objects with named fields take no others: a mistyped field is what we want to hear of. */
const isClosed = (schema: Schema): boolean =>
  (schema.properties !== undefined || schema.allOf !== undefined) && schema.additionalProperties === undefined;

function convert(value: unknown, schemas: Record<string, Schema>, isParent = false): unknown {
  if (Array.isArray(value)) return value.map((entry) => convert(entry, schemas, isParent));
  if (!isObject(value)) return value;
  if (typeof value.$ref === 'string') {
    const name = nameOf(value.$ref);
    const isInherited = isParent && schemas[name]?.discriminator !== undefined;
    return { $ref: `#/$defs/${name}${isInherited ? '.base' : ''}` };
  }
  const made: Schema = {};
  for (const [key, entry] of Object.entries(value)) {
    if (['externalDocs', 'example', 'xml', 'description', 'default', 'nullable'].includes(key) && !isObject(entry))
      continue;
    if (key === 'externalDocs') continue;
    made[key] = convert(entry, schemas, key === 'allOf');
  }
  if (value.nullable === true && typeof value.type === 'string') made.type = [value.type, 'null'];
  return made;
}

function validatorOf(file: File, name: string): ValidateFunction {
  const id = `${file} ${name}`;
  const known = validators.get(id);
  if (known) return known;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile({ $ref: `#/$defs/${name}`, $defs: converted(file) });
  validators.set(id, validate);
  return validate;
}

/** What breaks a schema of LINE's OpenAPI, as readable lines; none = it conforms (or the OpenAPI is absent). */
export function lineFaults(file: File, schema: string, value: unknown): string[] {
  if (!hasLineOpenApi) return [];
  const validate = validatorOf(file, schema);
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .filter((error) => error.keyword !== 'if')
    .map((error) => `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`);
}

/** Throws, naming every fault, unless these messages are what LINE's own OpenAPI describes. Passes where the OpenAPI is absent. */
export function expectLineConform(messages: unknown): void {
  const faults = lineFaults('messaging-api', 'PushMessageRequest', { to: `U${'0'.repeat(32)}`, messages });
  if (faults.length > 0) throw new Error(`LINE's OpenAPI does not describe these messages:\n${faults.join('\n')}`);
}

/** The same for an answer: looks the schema up by path and status. */
export function lineAnswerFaults(method: string, path: string, status: number, body: unknown): string[] {
  if (!hasLineOpenApi) return [];
  const paths = documentOf('messaging-api').paths as Record<string, Record<string, { responses: Schema }>>;
  const answer = paths[path]?.[method.toLowerCase()]?.responses[String(status)] as Schema | undefined;
  // Not every refusal is listed for every path; LINE's reference gives them all one form.
  const schema = Object.values((answer?.content ?? {}) as Record<string, { schema: { $ref?: string } }>)[0]?.schema
    .$ref;
  if (schema === undefined) return status < 400 ? [] : lineFaults('messaging-api', 'ErrorResponse', body);
  return lineFaults('messaging-api', nameOf(schema), body);
}
