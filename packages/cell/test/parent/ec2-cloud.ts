import { MotoUnavailable, startFaultProxy, startMoto } from '@burstcell/provider-ec2/fake';
import { Ec2Query } from './ec2-machines.js';
import type { Teardown } from './teardown.js';
import { BedUnavailable } from './unavailable.js';

/** An EC2 on this machine: moto behind the proxy that adds what moto lacks. */
export interface Ec2Cloud {
  /** For the child's `[ec2] endpoint_url`. */
  endpointUrl: string;
  region: string;
  /** An AMI of its catalogue. */
  ami: string;
  /** moto itself, past the proxy. */
  query: Ec2Query;
  /** RunInstances answers this code from now on; null: it is let through again. */
  refuseLaunches(code: string | null): void;
}

export interface Ec2CloudOptions {
  /** moto's virtual environment is made here once and found again. */
  workFolder: string;
  teardown: Teardown;
  say: (line: string) => void;
}

const REGION = 'us-east-1';

/** @throws BedUnavailable when moto cannot be installed. */
export async function startEc2({ workFolder, teardown, say }: Ec2CloudOptions): Promise<Ec2Cloud> {
  const moto = await startMoto({ workDir: workFolder, onProgress: say }).catch((error: unknown) => {
    throw error instanceof MotoUnavailable ? new BedUnavailable(error.message) : error;
  });
  teardown.add('stop moto', () => moto.stop());
  const proxy = await startFaultProxy({ target: moto.url });
  teardown.add('stop the fault proxy', () => proxy.close());
  const query = new Ec2Query(moto.url, REGION);
  return {
    ...{ endpointUrl: proxy.url, region: REGION, ami: await query.anyAmi(), query },
    refuseLaunches(code) {
      proxy.clearInjections();
      if (code !== null) proxy.inject({ action: 'RunInstances', code, times: null });
    },
  };
}
