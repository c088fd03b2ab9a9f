import { Readable } from 'node:stream';
import { DeleteObjectCommand, HeadObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ImageStore } from '../ports/image-store.js';
import { UPLOAD_MAX_PARTS, UPLOAD_PART_BYTES, UPLOAD_PARTS_AT_ONCE } from '../timings.js';
import { type SdkSettings, sdkCredentials } from './sdk-client.js';
import { toEc2Error } from './sdk-errors.js';

/** {@link ImageStore} on the AWS SDK. A multipart upload shows nothing under its key before it is whole. */
export function makeS3Store(settings: SdkSettings, bucket: string): ImageStore {
  const client = new S3Client(configOf(settings));
  return {
    async holds(key) {
      try {
        await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return true;
      } catch (thrown) {
        if (thrown instanceof Error && thrown.name === 'NotFound') return false;
        throw toEc2Error(thrown, undefined);
      }
    },
    async remove(key) {
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      } catch (thrown) {
        throw toEc2Error(thrown, undefined);
      }
    },
    async put(key, data, { sizeBytes, onProgress, signal }) {
      const upload = new Upload({
        client,
        params: { Bucket: bucket, Key: key, Body: Readable.from(data, { objectMode: false }) },
        partSize: Math.max(UPLOAD_PART_BYTES, Math.ceil(sizeBytes / UPLOAD_MAX_PARTS)),
        queueSize: UPLOAD_PARTS_AT_ONCE,
      });
      upload.on('httpUploadProgress', ({ loaded = 0 }) => onProgress(loaded));
      const abort = () => void upload.abort();
      signal.addEventListener('abort', abort, { once: true });
      try {
        await upload.done();
      } catch (thrown) {
        throw toEc2Error(thrown, signal);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
  };
}

/** An endpoint of one's own serves buckets by path: it has no names for them. */
function configOf(settings: SdkSettings): S3ClientConfig {
  const { region, endpointUrl, profile } = settings;
  return {
    region,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl, forcePathStyle: true }),
    ...(profile === undefined ? {} : { profile }),
    ...sdkCredentials(settings),
  };
}
