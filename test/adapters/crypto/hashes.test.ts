import { describe, expect, test } from '@jest/globals';
import { createHashes } from '#adapters/crypto/hashes.ts';

const hashes = createHashes('a key of the tests');

describe('names made by hashing', () => {
  test('never change: every mailbox and every message hangs on them', () => {
    expect(hashes.address('email:hanako@example.com')).toBe('SHKXP7h4FrMjYTc9P6CsqQ');
    expect(hashes.messageId('thanks#order:hanako:1001#thanks')).toBe('85a42edd-6239-5e0d-8f33-e9d38fab341e');
    expect(hashes.sha256('縁')).toBe('2e57961e103fc7dd7042500e4a8cc910abd0eda1d8f6acddfa69eb2630a5ff82');
  });

  test('are a UUID of version 5 for a message, and 22 characters for an address', () => {
    for (const name of ['a', 'b', 'c', '縁']) {
      expect(hashes.messageId(name)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(hashes.address(name)).toMatch(/^[\w-]{22}$/);
    }
  });

  test('differ with the address key, which must not be empty', () => {
    expect(createHashes('another').address('email:hanako@example.com')).not.toBe(
      hashes.address('email:hanako@example.com'),
    );
    expect(() => createHashes('')).toThrow('the address key is empty');
  });
});
