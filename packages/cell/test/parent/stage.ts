import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParentBed } from './bed.js';
import { belongsTo, fixedAddressesOf } from './belonging.js';
import type { Child, Machine } from './child.js';
import type { Server } from './rest.js';
import type { Seen, Verb } from './verb.js';

export interface Action {
  action: string;
  request_id: string;
  /** Set when it failed. */
  message: string | null;
}

/** A parent with a child below, and the servers that the verbs of a scene are about. */
export class Stage {
  /** The servers of the last boot. */
  current: string[] = [];
  name = '';
  readonly #machineOf = new Map<string, string>();
  #boots = 0;
  #volume = 'none';

  private constructor(
    readonly bed: ParentBed,
    readonly child: Child,
    readonly userDataFile: string,
  ) {}

  static async open(bed: ParentBed, child: Child): Promise<Stage> {
    const userDataFile = join(bed.run.path, 'user-data');
    await writeFile(userDataFile, '#!/bin/sh\necho hello\n');
    bed.onMadeVolume(() => child.makeVolume(''));
    return new Stage(bed, child, userDataFile);
  }

  nextName(): string {
    this.#boots += 1;
    this.name = `it-${this.#boots}`;
    return this.name;
  }

  /** The servers that bear the name of the last boot, or the name and a number. */
  async adoptServers(): Promise<void> {
    const all = await this.bed.rest.servers();
    this.current = all.filter(({ name }) => name === this.name || name.startsWith(`${this.name}-`)).map(({ id }) => id);
  }

  async servers(): Promise<Server[]> {
    const found = await Promise.all(this.current.map((id) => this.bed.rest.server(id)));
    return found.filter((server) => server !== undefined);
  }

  /** Live machines of the current servers, also of those that the parent no longer shows. */
  async machinesOf(servers: Server[]): Promise<Machine[] | undefined> {
    const machines = await this.child.machines();
    for (const machine of machines ?? []) {
      const server = servers.find((candidate) => belongsTo(machine, candidate));
      if (server !== undefined) this.#machineOf.set(server.id, machine.id);
    }
    const known = new Set(this.current.map((id) => this.#machineOf.get(id)));
    return machines?.filter(({ id, uuid }) => known.has(id) || (uuid !== undefined && this.current.includes(uuid)));
  }

  async seen(answer: string, body: Record<string, unknown>): Promise<Seen> {
    const servers = await this.servers();
    const machines = await this.machinesOf(servers);
    const images = await this.child.images?.();
    const { release, childName, rest } = this.bed;
    return { release, answer, body, servers, machines, images, childName, name: this.name, rest };
  }

  /** The verb's words with all `{…}` filled in. */
  async fill(ask: Verb['ask']): Promise<Verb['ask']> {
    let text = JSON.stringify(ask);
    for (const [, name = ''] of text.matchAll(/\{(\w+)\}/g)) text = text.replace(`{${name}}`, await this.#value(name));
    return JSON.parse(text) as Verb['ask'];
  }

  async #value(name: string): Promise<string> {
    switch (name) {
      case 'server':
        return this.current[0] ?? 'none';
      case 'name':
        return this.name;
      case 'cell':
        return this.bed.childName;
      case 'path':
        return `${this.bed.cellName}!${this.bed.childName}`;
      case 'userDataFile':
        return this.userDataFile;
      default:
        return this.#lookedUp(name);
    }
  }

  async #lookedUp(name: string): Promise<string> {
    switch (name) {
      case 'request':
        return this.#createRequest();
      case 'hypervisor':
        return String((await this.#hypervisor()).id ?? 'none');
      case 'host':
        return String((await this.#hypervisor()).hypervisor_hostname ?? 'none');
      case 'address':
        return (await this.#fixedAddresses()).at(-1) ?? '10.0.0.1';
      case 'network':
        return this.child.networkId((await this.#fixedAddresses())[0] ?? '10.0.0.1');
      case 'newVolume':
        return this.#newVolume();
      case 'volume':
        return this.#volume;
      case 'bootVolume':
        return this.bed.addVolume(await this.child.makeVolume(''));
      case 'bootSnapshot':
        return this.bed.addSnapshot(await this.child.makeVolume(''));
      default:
        throw new Error(`the verb table names {${name}}, which nobody fills in`);
    }
  }

  /** Of the first server, in the order in which it got them. */
  async #fixedAddresses(): Promise<string[]> {
    const [server] = await this.servers();
    return server === undefined ? [] : fixedAddressesOf(server);
  }

  /** In the zone of the first server, which its host is named after. */
  async #newVolume(): Promise<string> {
    const host = String((await this.servers())[0]?.['OS-EXT-SRV-ATTR:host'] ?? '');
    const zone = host.slice(host.indexOf('@') + 1).replace(`${this.bed.childName}-`, '');
    this.#volume = this.bed.addVolume(await this.child.makeVolume(zone));
    return this.#volume;
  }

  async #hypervisor(): Promise<Record<string, unknown>> {
    const { body } = await this.bed.rest.call('GET', '/os-hypervisors');
    return (body.hypervisors as Record<string, unknown>[] | undefined)?.[0] ?? {};
  }

  /** What the newest action on the first server says; newest come first. */
  async lastAction(): Promise<Action | undefined> {
    return (await this.#actions())[0];
  }

  async #actions(): Promise<Action[]> {
    if (this.current[0] === undefined) return [];
    const { body } = await this.bed.rest.call('GET', `/servers/${this.current[0]}/os-instance-actions`);
    return (body.instanceActions as Action[] | undefined) ?? [];
  }

  async #createRequest(): Promise<string> {
    return (await this.#actions()).find(({ action }) => action === 'create')?.request_id ?? 'none';
  }
}
