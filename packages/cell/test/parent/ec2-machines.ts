import type { Machine } from './child.js';
import { at, type Element, parseXml, textAt } from './xml-tree.js';

/** An EC2 endpoint, asked without SDK and without Burstcell's own code: the judge of a run must not share its mistakes. */
export class Ec2Query {
  constructor(
    readonly endpointUrl: string,
    readonly region: string,
  ) {}

  /** All machines that are not terminated. */
  async machines(): Promise<Machine[]> {
    const xml = await this.#ask({ Action: 'DescribeInstances' });
    return machinesIn(xml).filter(({ state }) => state !== 'terminated');
  }

  /** Where some machine stands. */
  /** Of the machine that has this address. */
  async subnetOf(address: string): Promise<string | undefined> {
    const filters = { 'Filter.1.Name': 'private-ip-address', 'Filter.1.Value.1': address };
    return /<subnetId>(subnet-[0-9a-f]+)</.exec(await this.#ask({ Action: 'DescribeInstances', ...filters }))?.[1];
  }

  /** Some AMI of Linux on x86_64 that has a root device. */
  async anyAmi(): Promise<string> {
    const filters = {
      'Filter.1.Name': 'architecture',
      'Filter.1.Value.1': 'x86_64',
      'Filter.2.Name': 'name',
      'Filter.2.Value.1': 'amzn*',
    };
    const ami = /<imageId>(ami-[0-9a-f]+)</.exec(await this.#ask({ Action: 'DescribeImages', ...filters }))?.[1];
    if (ami === undefined) throw new Error(`${this.endpointUrl} has no AMI`);
    return ami;
  }

  async createVolume(zone: string): Promise<string | undefined> {
    const xml = await this.#ask({ Action: 'CreateVolume', AvailabilityZone: zone, Size: '1' });
    return /<volumeId>(vol-[0-9a-f]+)</.exec(xml)?.[1];
  }

  /** The signature is none; moto does not look at it, only at the region inside. */
  async #ask(parameters: Record<string, string>): Promise<string> {
    const response = await fetch(this.endpointUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `AWS4-HMAC-SHA256 Credential=bed/20200101/${this.region}/ec2/aws4_request, SignedHeaders=host, Signature=none`,
      },
      body: new URLSearchParams({ ...parameters, Version: '2016-11-15' }).toString(),
    });
    const xml = await response.text();
    if (!response.ok)
      throw new Error(`${parameters.Action} at ${this.endpointUrl} answered ${response.status}: ${xml.slice(0, 200)}`);
    return xml;
  }
}

export function machinesIn(xml: string): Machine[] {
  const items = at(parseXml(xml), 'DescribeInstancesResponse', 'reservationSet', 'item', 'instancesSet', 'item');
  return items.map((item) => ({
    id: textAt(item, 'instanceId') ?? 'unknown',
    state: textAt(item, 'instanceState', 'name') ?? 'unknown',
    uuid: tagOf(item, 'burstcell:uuid'),
    addresses: [textAt(item, 'privateIpAddress'), textAt(item, 'ipAddress')].filter((address) => address !== undefined),
  }));
}

function tagOf(item: Element, key: string): string | undefined {
  const tag = at(item, 'tagSet', 'item').find((candidate) => textAt(candidate, 'key') === key);
  return tag && textAt(tag, 'value');
}
