import type { SdkSettings } from '../sdk/sdk-client.js';

/** Where images lie on their way into EC2: a bucket of S3. Rejects with an Ec2Error. */
export interface ImageStore {
  /** Whether there is something whole under that key. */
  holds(key: string): Promise<boolean>;
  /** All or nothing; the same again replaces it. */
  put(key: string, data: AsyncIterable<Uint8Array>, how: PutOptions): Promise<void>;
  /** A key that it does not hold is no error. */
  remove(key: string): Promise<void>;
}

export interface PutOptions {
  readonly sizeBytes: number;
  readonly onProgress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** S3's SDK is loaded when the first image is imported: most cells never do. */
export function lazyS3Store(settings: SdkSettings, bucket: string): ImageStore {
  let loaded: Promise<ImageStore> | undefined;
  const store = () => {
    loaded ??= import('../sdk/sdk-s3.js').then(({ makeS3Store }) => makeS3Store(settings, bucket));
    return loaded;
  };
  return {
    holds: async (key) => (await store()).holds(key),
    put: async (key, data, how) => (await store()).put(key, data, how),
    remove: async (key) => (await store()).remove(key),
  };
}
