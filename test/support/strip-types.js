import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source, file) => ({ code: stripTypeScriptTypes(source, { mode: 'strip', sourceUrl: file }) }),
  getCacheKey: (source, file) => createHash('sha256').update(file).update(source).digest('hex'),
};
