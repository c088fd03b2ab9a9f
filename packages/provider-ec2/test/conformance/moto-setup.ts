import { randomUUID } from 'node:crypto';
import { CreateVolumeCommand, type EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import type { Provider } from '@burstcell/provider';
import type { ProviderSetup } from '@burstcell/provider/conformance';
import { aLaunchRequest } from '@burstcell/provider/conformance';
import { startFaultProxy } from '../../src/fake/index.js';
import { createEc2Provider, type Ec2Api, parseEc2Options } from '../../src/index.js';
import { sdkFor } from '../fake/http-builders.js';
import { withCachedCatalogue } from './cached-catalogue.js';
import { anEndlessBudget, aSdkApi, injectionOf } from './fake-setup.js';
import { ACTION_OF } from './fault-codes.js';
import { withSilence } from './silence.js';

/** An AMI that moto brings along. */
const MOTO_AMI = 'ami-12c6146b';
const request = { image: { ...aLaunchRequest().image, properties: { ec2_ami: MOTO_AMI } } };
/** moto's whole catalogue takes seconds to read: a map spares it, as it does for operators. */
const sizes = {
  instance_type_map: `${aLaunchRequest().flavor.name}:t3.small|m5.large`,
  zones: 'us-east-1a,us-east-1b,us-east-1c',
};

/** Where moto is not EC2, by name. */
const DEVIATIONS: NonNullable<ProviderSetup['skip']> = {
  'start: never revives a terminated machine': 'moto starts terminated instances',
  'ensureAddress: is kept while the machine is stopped, and when it starts again':
    'moto takes elastic addresses off a stopped machine',
  'reboot: says conflict for a stopped machine, and it stays stopped': 'moto reboots stopped instances',
};

/** What moto lacks altogether: the provider is tested there without it, since it could only say that it is unsupported. */
export const MOTO_LACKS =
  'rebuild, rescue: moto has no CreateReplaceRootVolumeTask; suspend: moto does not tell who may hibernate; screenshot: moto has no GetConsoleScreenshot';

function withoutWhatMotoLacks(provider: Provider): Provider {
  const { rebuild: _, rescue: __, unrescue: ___, suspend: ____, resume: _____, screenshot: ______, ...rest } = provider;
  return rest;
}

/**
 * The provider on moto behind the fault proxy, which adds client tokens, MaxCount and
 * failures. One moto serves all tests: each gets an incarnation of its own.
 */
export async function motoSetup(motoUrl: string): Promise<ProviderSetup & { close(): Promise<void> }> {
  const proxy = await startFaultProxy({ target: motoUrl });
  const sdk = aSdkApi(proxy.url);
  const client = sdkFor(proxy.url);
  const cached = withCachedCatalogue(sdk);
  return {
    request,
    skip: DEVIATIONS,
    lacks: { room: 'moto has endless room', pace: 'moto shows no passing state twice' },
    manyMachines: 30,
    async make() {
      proxy.reset();
      const { api, fall } = withSilence(cached);
      const incarnation = randomUUID();
      return {
        provider: aMotoProvider(api, { incarnation }),
        unknownId: 'i-0fffffffffffffff0',
        replica: async () => aMotoProvider(api, { incarnation }),
        stranger: async () => aMotoProvider(api, { incarnation, cellName: 'another' }),
        fault: (fault) => (fault.error === 'silence' ? fall(fault) : proxy.inject(injectionOf(fault))),
        requests: (verb) => proxy.counts().byAction[ACTION_OF[verb]] ?? 0,
        effects: async (_, providerId) => {
          const made = await sdk.describeSnapshots({ filters: {} });
          return made.filter(({ description }) => description.includes(providerId)).length;
        },
        volumes: { create: (zone) => aVolumeIn(client, zone), unknownId: 'vol-0fffffffffffffff0' },
        outsider: () => anOutsider(client),
      };
    },
    async close() {
      sdk.close();
      client.destroy();
      await proxy.close();
    },
  };
}

function aMotoProvider(api: Ec2Api, { cellName = 'ec2', incarnation }: { cellName?: string; incarnation: string }) {
  const settings = parseEc2Options({ region: 'us-east-1', lock_protects: 'true', elastic_address: 'always', ...sizes });
  return withoutWhatMotoLacks(createEc2Provider({ ...settings, cellName, incarnation, api, sharedBudget: anEndlessBudget }));
}

async function aVolumeIn(client: EC2Client, zone: string): Promise<string> {
  const { VolumeId } = await client.send(new CreateVolumeCommand({ AvailabilityZone: zone, Size: 1 }));
  return VolumeId ?? '';
}

/** moto's machines run at once. */
async function anOutsider(client: EC2Client): Promise<string> {
  const { Instances } = await client.send(
    new RunInstancesCommand({ ImageId: MOTO_AMI, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 }),
  );
  return Instances?.[0]?.InstanceId ?? '';
}
