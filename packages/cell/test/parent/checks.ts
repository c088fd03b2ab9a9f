import { addressesOf, fixedAddressesOf } from './belonging.js';
import type { Check, Seen } from './verb.js';

/** All of them, in order; the first complaint counts. */
export function all(...checks: Check[]): Check {
  return (seen) => {
    for (const check of checks) {
      const complaint = check(seen);
      if (complaint !== undefined) return complaint;
    }
    return undefined;
  };
}

export function answerHas(...texts: string[]): Check {
  return ({ answer }) => missing(answer, texts);
}

/** The answer names the cell, as a listing that has it does. */
export const answerNamesCell: Check = ({ answer, childName }) => missing(answer, [`${childName}`]);

export const answerNamesServer: Check = ({ answer, name }) => missing(answer, [name]);

/** `nova list` says the same of every server as `nova show`: no build request stands before its row. */
export const listedTruly: Check = ({ answer, servers }) => {
  for (const server of servers) {
    const line = answer.split('\n').find((candidate) => candidate.includes(server.id));
    if (line === undefined) return `${server.id} is not in the list`;
    const lacking = [server.status, ...addressesOf(server)].find((text) => !line.includes(text));
    if (lacking !== undefined) return `the list lacks ${lacking}: ${line.replace(/[\s|]+/g, ' ')}`;
  }
  return undefined;
};

/** Host and addresses are there, the machine runs, and there are as many machines as servers. */
export const builtRight: Check = (seen) => {
  for (const server of seen.servers) {
    const host = server['OS-EXT-SRV-ATTR:host'];
    if (!host) return 'no host';
    if (server['OS-EXT-STS:power_state'] !== 1) return `power state ${server['OS-EXT-STS:power_state']}`;
    if (addressesOf(server).length === 0) return 'no addresses';
  }
  return machinesAre('running')(seen) ?? addressesMatch(seen);
};

/** One machine for each server, in this state of EC2's. */
export function machinesAre(state: string): Check {
  return ({ servers, machines }) => {
    if (machines === undefined) return undefined;
    if (machines.length !== servers.length) return `${machines.length} machines for ${servers.length} servers`;
    const other = machines.find((machine) => machine.state !== state);
    return other && `machine ${other.id} is ${other.state}`;
  };
}

export const machinesGone: Check = ({ machines }) =>
  machines === undefined || machines.length === 0 ? undefined : `still there: ${machines.map(({ id }) => id).join(', ')}`;

const addressesMatch: Check = ({ servers, machines }) => {
  if (machines === undefined) return undefined;
  const real = new Set(machines.flatMap(({ addresses }) => addresses));
  const invented = servers.flatMap(addressesOf).find((address) => !real.has(address));
  return invented && `address ${invented} is no machine's`;
};

export function threeNames({ servers, name }: Seen): string | undefined {
  const names = servers.map((server) => server.name).sort();
  const wanted = [1, 2, 3].map((index) => `${name}-${index}`);
  return names.join() === wanted.join() ? undefined : `names are ${names.join(', ')}`;
}

export function isLocked(wanted: boolean): Check {
  return ({ servers }) => (servers[0]?.locked === wanted ? undefined : `locked is ${servers[0]?.locked}`);
}

export const isRenamed: Check = ({ servers, name }) =>
  servers[0]?.name === `${name}-new` ? undefined : `the name is ${servers[0]?.name}`;

export function metadataIs(wanted: Record<string, string>): Check {
  return ({ servers }) => {
    const metadata = servers[0]?.metadata ?? {};
    const same = JSON.stringify(Object.entries(metadata).sort()) === JSON.stringify(Object.entries(wanted).sort());
    return same ? undefined : `metadata is ${JSON.stringify(metadata)}`;
  };
}

export function imageIs(wanted: string): Check {
  return ({ servers }) => {
    const image = servers[0]?.image;
    const shown = typeof image === 'object' ? image.id : 'none';
    return shown === wanted ? undefined : `the image shown is ${shown}`;
  };
}

export function flavorIs(wanted: string): Check {
  return ({ servers }) => (servers[0]?.flavor?.id === wanted ? undefined : `the flavor shown is ${servers[0]?.flavor?.id}`);
}

/** Of fixed ones: a cloud may give public ones besides. */
export function addressCountIs(wanted: number): Check {
  return ({ servers }) => {
    const addresses = servers.flatMap(fixedAddressesOf);
    return addresses.length === wanted ? undefined : `the addresses shown are ${addresses.join(', ') || 'none'}`;
  };
}

/** The record of the image with the verb's name and this ending has become active. */
export function imageRecordActive(ending: string): Check {
  return ({ images, name }) => {
    const record = images?.find((image) => image.name === `${name}-${ending}`);
    return images === undefined || record?.status === 'active'
      ? undefined
      : `the image record is ${record?.status ?? 'not there'}`;
  };
}

/** The answer has the uuid of the server the scene is about. */
export const answerHasUuid: Check = ({ answer, servers }) => missing(answer, [servers[0]?.id ?? 'any server']);

/** A fault that a user can act on: short, no traceback, no vendor's request id. */
export const faultIsReadable: Check = ({ servers }) => {
  const message = servers[0]?.fault?.message;
  if (!message) return 'no fault message';
  if (message.length > 255 || /Traceback|RequestI[dD]|Error:.*Error:/.test(message)) return `unreadable fault: ${message}`;
  return undefined;
};

/** A list in a REST answer that must not be empty. */
export function notEmpty(key: string): Check {
  return ({ body }) => {
    const list = body[key];
    return Array.isArray(list) && list.length > 0 ? undefined : `${key} is empty`;
  };
}

/** The cell's capacity as the parent knows it: megabytes by flavor size. */
export const hasCapacity: Check = ({ body }) => {
  const cell = body.cell as { capacities?: { ram_free?: { total_mb?: number } } } | undefined;
  const total = cell?.capacities?.ram_free?.total_mb ?? 0;
  return total > 0 ? undefined : `ram_free is ${JSON.stringify(cell?.capacities?.ram_free)}`;
};

function missing(answer: string, texts: string[]): string | undefined {
  const lacking = texts.filter((text) => !answer.includes(text));
  return lacking.length === 0 ? undefined : `the answer lacks ${lacking.join(', ')}: ${answer.replace(/[\s+|-]+/g, ' ').trim()}`;
}
