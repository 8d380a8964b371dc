import { GetObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { isOurs } from '#core/publication/bucket-files.ts';

/** One upload of a file, or its deletion. */
export interface Upload {
  /** From 1, the oldest that the bucket still keeps. */
  number: number;
  versionId: string;
  /** UTC. */
  at: string;
  isDeleted: boolean;
}

/** What a versioned bucket remembers of the marketers' files. */
export interface History {
  /** Keys of what the publisher reads. */
  keys(): Promise<string[]>;
  /** Oldest first. */
  uploads(key: string): Promise<Upload[]>;
  read(key: string, versionId?: string): Promise<Uint8Array>;
}

/** The history of a bucket on S3. */
export function createHistory(s3: S3Client, bucket: string): History {
  return {
    async keys() {
      const keys: string[] = [];
      let next: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({ Bucket: bucket, ...(next ? { ContinuationToken: next } : {}) }),
        );
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key !== undefined && isOurs(Key) ? [Key] : [])));
        next = page.NextContinuationToken;
      } while (next !== undefined);
      return keys.sort();
    },
    async uploads(key) {
      const found: Omit<Upload, 'number'>[] = [];
      let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined;
      do {
        const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...(marker ?? {}) }));
        for (const [list, isDeleted] of [
          [page.Versions ?? [], false],
          [page.DeleteMarkers ?? [], true],
        ] as const)
          for (const one of list)
            if (one.Key === key)
              found.push({ versionId: one.VersionId ?? 'null', at: one.LastModified?.toISOString() ?? '', isDeleted });
        marker = page.IsTruncated
          ? {
              ...(page.NextKeyMarker === undefined ? {} : { KeyMarker: page.NextKeyMarker }),
              ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
            }
          : undefined;
      } while (marker !== undefined);
      // S3 lists the newest first: of uploads within one second the later stands before.
      return found
        .map((one, i) => ({ one, i }))
        .sort((a, b) => (a.one.at < b.one.at ? -1 : a.one.at > b.one.at ? 1 : b.i - a.i))
        .map(({ one }, i) => ({ number: i + 1, ...one }));
    },
    async read(key, versionId) {
      const { Body } = await s3.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(versionId === undefined ? {} : { VersionId: versionId }),
        }),
      );
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
  };
}
