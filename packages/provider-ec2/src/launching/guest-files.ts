import { posix } from 'node:path';
import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import type { SwapSettings } from './swap.js';

/** A file to be in the guest before its first boot is over. */
export interface GuestFile {
  readonly path: string;
  readonly content: Buffer;
}

export interface GuestSettings extends SwapSettings {
  /** Which servers find nova's metadata in a file: those with a config drive, all, or none. */
  readonly guestMetadata: 'config-drive' | 'always' | 'never';
  /** Where guests look for what a config drive would hold. */
  readonly configDrivePath: string;
}

/** `nova boot --file`. Throws `invalid` for a path that is none. */
export function injectedFiles({ injectedFiles: files }: LaunchRequest): readonly GuestFile[] {
  return files.map(([path, content]) => ({ path: absolute(path), content: Buffer.from(content, 'base64') }));
}

/**
 * What a config drive would tell, at the place where it would be mounted (nova/api/metadata/base.py:
 * openstack/latest/meta_data.json). It names one server, so servers that get it never share a launch.
 */
export function metadataFiles(request: LaunchRequest, zone: string, settings: GuestSettings): readonly GuestFile[] {
  if (!getsMetadata(request, settings)) return [];
  const path = posix.join(settings.configDrivePath, 'openstack/latest/meta_data.json');
  return [{ path, content: Buffer.from(JSON.stringify(metadataOf(request, zone))) }];
}

export function getsMetadata({ configDrive, image }: LaunchRequest, { guestMetadata }: GuestSettings): boolean {
  if (guestMetadata === 'never') return false;
  // nova/objects/fields.py, ConfigDrivePolicy.
  return guestMetadata === 'always' || configDrive || image.properties.img_config_drive === 'mandatory';
}

function metadataOf(request: LaunchRequest, zone: string): object {
  const { uuid, displayName, hostname, projectId, metadata, keyPair } = request;
  return {
    uuid,
    name: displayName,
    hostname,
    project_id: projectId,
    availability_zone: zone,
    launch_index: 0,
    meta: metadata,
    ...(keyPair?.publicKey ? { public_keys: { [keyPair.name]: keyPair.publicKey } } : {}),
  };
}

/** nova takes paths relative to the root as well. */
function absolute(path: string): string {
  const whole = posix.normalize(`/${path}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not be in a path.
  if (!whole.endsWith('/') && !/[\x00-\x1f]/.test(whole)) return whole;
  throw new ProviderError('invalid', 'an injected file has no proper path', {
    userMessage: `"${path.slice(0, 60)}" is no path of a file that could be written into the server.`,
  });
}
