import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A value as deflated JSON: a state's median is then under 2 KB. */
export const deflated = (value: unknown): Uint8Array => deflateRawSync(Buffer.from(JSON.stringify(value)));

/** The value again. Throws when the bytes are not deflated JSON. */
export const inflated = (bytes: Uint8Array): unknown => JSON.parse(inflateRawSync(bytes).toString('utf8'));
