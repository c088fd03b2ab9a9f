import type { GlanceConfig } from '../config/cell-config.js';
import { ServiceUser } from '../openstack/service-user.js';
import { GlanceSession } from './glance-session.js';
import { GlanceV1 } from './glance-v1.js';
import { GlanceV2 } from './glance-v2.js';
import type { ImageService } from './image-service.js';

/** What users and operators read where no image service is configured. */
export const NO_IMAGE_SERVICE = '[glance] api_servers is not set: the image record stays queued';

/** The parent's glance as `[glance]` describes it; null when it names no server. Makes no call. */
export function openImageService({ apiServers, apiVersion, locationUrl, user }: GlanceConfig): ImageService | null {
  if (apiServers.length === 0) return null;
  const session = new GlanceSession(apiServers, user === null ? null : new ServiceUser(user));
  return apiVersion === 1 ? new GlanceV1(session) : new GlanceV2(session, locationUrl);
}
