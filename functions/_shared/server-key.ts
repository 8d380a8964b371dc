import { CrmError } from '#core/error.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { HttpRequest } from './http.ts';

/** Lets in who shows a server key of the stage. Compared as hashes, so that the time it takes tells nothing of the key. Errors: unauthorised. */
export function requireServerKey(request: HttpRequest, keys: readonly string[], hashes: Pick<Hashes, 'sha256'>): void {
  const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const shown = given === undefined ? undefined : hashes.sha256(given);
  const isKnown = keys.filter((key) => key !== '' && hashes.sha256(key) === shown).length > 0;
  if (!isKnown)
    throw new CrmError('unauthorised', 'the Authorization header must be "Bearer" and a server key of this stage');
}
