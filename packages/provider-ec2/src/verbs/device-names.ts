import { ProviderError } from '@burstcell/provider';
import type { Ec2Instance } from '../ports/ec2-api.js';

const letters = (from: string, to: string): readonly string[] =>
  Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, at) => String.fromCharCode(from.charCodeAt(0) + at));

/**
 * Names that AWS recommends for volumes, best first (AWS: "Device names for volumes on Amazon EC2 instances").
 * On Nitro instances they are labels: the guest sees `/dev/nvme1n1`, … in the order of attachment.
 */
const NAMES: readonly string[] = [
  ...letters('f', 'p').map((letter) => `/dev/sd${letter}`),
  ...['b', 'c'].flatMap((first) => letters('a', 'z').map((letter) => `/dev/xvd${first}${letter}`)),
];

/** A name that EC2 takes as it is; nova's `/dev/vdb` and the like are not. */
const EC2_NAME = /^\/dev\/(sd[b-z]|xvd[b-z]|xvd[b-c][a-z])$/;

/** The name asked for where EC2 has such names and it is free, else the first free one. Throws `conflict` when none is left. */
export function deviceFor({ instanceId, blockDevices = [] }: Ec2Instance, wanted: string | null): string {
  const taken = new Set(blockDevices.map(({ deviceName }) => plain(deviceName)));
  if (wanted !== null && EC2_NAME.test(wanted) && !taken.has(plain(wanted))) return wanted;

  const free = NAMES.find((name) => !taken.has(plain(name)));
  if (free !== undefined) return free;
  throw new ProviderError('conflict', `${instanceId} has no free device name`, {
    subject: 'volume',
    userMessage: 'The server holds as many volumes as this cloud allows; detach one first.',
  });
}

/** A kernel may show `sdf` as `xvdf`: they are one place. */
const plain = (name: string): string => name.replace(/^\/dev\/(sd|xvd)/, '');
