import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, jest, test } from '@jest/globals';
import { createSecrets } from '#adapters/secrets/secrets.ts';
import { anAwsStub, awsFault } from '../../support/aws-stub.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

test('a secret that can’t be read again goes on being used; one that was never read is missed', async () => {
  const stub = await anAwsStub((_, count) => {
    if (count === 2) return awsFault('InternalServiceError', 500);
    if (count === 4) return awsFault('ResourceNotFoundException');
    return { body: { SecretString: `secret ${count}` } };
  });
  const client = new SecretsManagerClient(stub.config);
  const secrets = createSecrets(client);
  const from = Date.now();
  const clock = jest.spyOn(Date, 'now');
  const textAfter = (minutes: number) => {
    clock.mockReturnValue(from + minutes * 60_000);
    return secrets.text('s');
  };
  expect(await textAfter(0)).toBe('secret 1');
  expect(await textAfter(4)).toBe('secret 1');
  expect(await textAfter(6)).toBe('secret 1');
  expect(await textAfter(7)).toBe('secret 3');
  await expect(textAfter(13)).rejects.toMatchObject({ code: 'misconfigured' });
  client.destroy();
  stub.close();
});
