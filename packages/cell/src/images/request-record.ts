import type { ExplainOptions, LaunchRequest } from '@burstcell/provider';
import type { ImageFound, ImageService } from './image-service.js';

/** A request with what the parent's image service adds to it when it is a boot. */
export interface RequestWithRecord {
  readonly request: LaunchRequest;
  readonly source?: NonNullable<ExplainOptions['source']>;
}

/**
 * Looks the request's image up, by id or else by name, as the cell's own user: a boot would bring its properties along.
 * What the request says already stays. An image service that cannot be asked leaves the request as it is, and its source
 * rejects with the reason. Null: there is no image service.
 */
export async function withRecord(
  images: ImageService | null,
  request: LaunchRequest,
  signal: AbortSignal,
): Promise<RequestWithRecord> {
  const { id } = request.image;
  if (images === null || id === null) return { request };
  try {
    const record = await recordOf(images, id, signal);
    if (record === null) return { request, source: async () => null };
    return { request: filled(request, record), source: () => images.source(record.id, signal) };
  } catch (error) {
    return { request, source: () => Promise.reject(error) };
  }
}

interface Known extends ImageFound {
  readonly id: string;
}

async function recordOf(images: ImageService, idOrName: string, signal: AbortSignal): Promise<Known | null> {
  const caller = { token: null, signal };
  const byId = await images.find(idOrName, caller);
  if (byId !== null) return { ...byId, id: idOrName };
  const [id, second] = await images.named(idOrName, caller);
  if (id === undefined || second !== undefined) return null;
  const byName = await images.find(id, caller);
  return byName === null ? null : { ...byName, id };
}

function filled(request: LaunchRequest, { id, name, properties }: Known): LaunchRequest {
  const { image } = request;
  return { ...request, image: { ...image, id, name, properties: { ...properties, ...image.properties } } };
}
