import type { EC2Client } from '@aws-sdk/client-ec2';
import { type Ec2Api, makeSdkApi, parseEc2Options } from '../../src/index.js';
import { makeSdkClient } from '../../src/sdk/sdk-client.js';
import type { AwsTestSettings } from './config.js';

export interface Clients {
  readonly api: Ec2Api;
  /** For what the port has no call for. */
  readonly client: EC2Client;
  close(): void;
}

export function openClients(settings: AwsTestSettings): Clients {
  const options = parseEc2Options(connectionOptions(settings));
  const api = makeSdkApi(options);
  const client = makeSdkClient(options);
  return {
    api,
    client,
    close: () => {
      api.close();
      client.destroy();
    },
  };
}

/** As the `[ec2]` section has them. AWS gets the SDK's default chain, an endpoint in place of it any keys. */
export function connectionOptions({ region, endpoint }: AwsTestSettings): Readonly<Record<string, string>> {
  if (endpoint === null) return { region };
  return { region, endpoint_url: endpoint, access_key_id: 'test', secret_access_key: 'test' };
}
