import type { Ec2Context } from '../context.js';

/**
 * The password that EC2's Windows images make at their first boot, encrypted with the key pair that the server was launched
 * with (AWS: GetPasswordData); null of any other, without asking.
 */
export async function encryptedPassword(ec2: Ec2Context, id: string, signal?: AbortSignal): Promise<string | null> {
  const { platform } = await ec2.instances.one(id, signal);
  if (platform !== 'windows') return null;
  const data = await ec2.calls.read({
    action: 'GetPasswordData',
    signal,
    run: (api, options) => api.getPasswordData(id, options),
  });
  return data === '' ? null : data;
}
