import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsError } from '#core/aws-error.ts';
import { CrmError } from '#core/error.ts';

export interface Secrets {
  /** A secret's text, at most five minutes old. Errors: throttled | unavailable | timeout | misconfigured. */
  text(id: string): Promise<string>;
}

const KEPT_MILLISECONDS = 5 * 60_000;

export const createSecretsClient = (endpoint?: string): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  });

/** Secrets Manager's secrets. While it can't be reached, what is known goes on being used. */
export function createSecrets(client: SecretsManagerClient): Secrets {
  const known = new Map<string, { text: string; readAt: number }>();
  return {
    async text(id) {
      const old = known.get(id);
      if (old !== undefined && Date.now() - old.readAt < KEPT_MILLISECONDS) return old.text;
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
        if (!SecretString) throw new CrmError('misconfigured', 'a secret is empty');
        known.set(id, { text: SecretString, readAt: Date.now() });
        return SecretString;
      } catch (error) {
        const trouble = awsError(error, 'reading a secret');
        if (old !== undefined && trouble.isRetryable) return old.text;
        throw trouble;
      }
    },
  };
}
