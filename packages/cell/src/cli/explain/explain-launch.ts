import type { Explanation, LaunchRequest } from '@burstcell/provider';
import type { CellConfig } from '../../config/cell-config.js';
import { openImageService } from '../../images/open-image-service.js';
import { withRecord } from '../../images/request-record.js';
import { SERVICE_REQUEST_MS } from '../../timings.js';
import { withCloud } from '../with-cloud.js';
import { withFollowedGroups } from './followed-groups.js';

/** What a boot would become by this configuration; null where the provider cannot say. Changes nothing at the provider. */
export function explainLaunch(config: CellConfig, request: LaunchRequest): Promise<Explanation | null> {
  return withCloud(config, async ({ provider, hosts }) => {
    if (provider.explain === undefined) return null;
    const disabledZones = await hosts.disabledZones();
    const signal = AbortSignal.timeout(SERVICE_REQUEST_MS);
    const followed = await withFollowedGroups(config.neutron, request);
    const { request: asked, ...record } = await withRecord(openImageService(config.glance), followed, signal);
    return provider.explain({ ...asked, disabledZones }, record);
  });
}
