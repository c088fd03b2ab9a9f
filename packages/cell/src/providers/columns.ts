import { Simulator } from '@burstcell/provider/simulator';
import type { ProviderColumn } from '../cli/docs/support-matrix-page.js';

/** All of `[ec2]` that switches an ability on. */
const ALL_ON = { metrics: 'cloudwatch', set_password: 'ssm', lock_protects: 'true', serial_console: 'true' };

/** One of each provider, made and not used: what it can do is to be seen by its methods. */
export async function providersAsTheyAre(): Promise<readonly ProviderColumn[]> {
  const { createEc2Provider, parseEc2Options } = await import('@burstcell/provider-ec2');
  const ec2 = (options: object) =>
    createEc2Provider({ ...parseEc2Options({ region: 'eu-central-1', ...options }), cellName: 'ec2', incarnation: 'none' });
  const simulator = new Simulator();
  return [
    { byDefault: ec2({}), switchedOn: ec2(ALL_ON) },
    { byDefault: simulator, switchedOn: simulator },
  ];
}
