import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { awsError } from '#core/aws-error.ts';
import type { ScenarioBucket } from '#core/ports/publication.ts';

/** The bucket's name stands in the path, so that an endpoint without a host per bucket will do. */
export const createS3Client = (endpoint?: string): S3Client =>
  new S3Client({
    forcePathStyle: true,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  });

/** The bucket that marketers edit and the publisher reports to. */
export function createScenarioBucket(client: S3Client, bucket: string): ScenarioBucket {
  return {
    async list() {
      const found: { key: string; bytes: number; tag: string }[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await reach('listing the bucket', () =>
          client.send(
            new ListObjectsV2Command({ Bucket: bucket, ...(ContinuationToken ? { ContinuationToken } : {}) }),
          ),
        );
        for (const { Key, Size, ETag } of page.Contents ?? []) {
          if (Key !== undefined && !Key.endsWith('/')) found.push({ key: Key, bytes: Size ?? 0, tag: ETag ?? '' });
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw awsError(error, 'reading a file');
      }
    },
    async put(key, text) {
      const ContentType = 'application/json; charset=utf-8';
      await reach('writing a report', () =>
        client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType })),
      );
    },
    async remove(key) {
      await reach('removing a report', () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
    },
  };
}

async function reach<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsError(error, doing);
  }
}
