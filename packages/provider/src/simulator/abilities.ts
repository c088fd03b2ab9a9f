import type { ProviderAbilities, ProviderAbility } from '../abilities.js';
import type { CallOptions } from '../provider.js';
import { adoptMachine, releaseMachine } from './adopting.js';
import { changesOf } from './changes.js';
import type { SimulatedCloud } from './cloud.js';
import { connectConsole, isConsoleValid } from './consoles.js';
import { bandwidthOf, diagnosticsOf } from './figures.js';
import { addFixedIp, removeFixedIp } from './fixed-ips.js';
import { consoleText, labelMachine, protectMachine, setPassword } from './guest.js';
import { imageIdOf } from './images.js';
import { keepAddress } from './kept-address.js';
import { pauseMachine, resumeMachine, suspendMachine, unpauseMachine } from './pausing.js';
import { rebuildMachine } from './rebuilding.js';
import { rescueMachine, unrescueMachine } from './rescuing.js';
import { resizeMachine, sizesFor } from './resizing.js';
import { screenshotOf } from './screen.js';
import { knownGroupIds, prepareSecurityGroups, syncSecurityGroups } from './security-groups.js';
import { openSerial } from './serial.js';
import { describeSnapshots, snapshotMachine } from './snapshots.js';
import { bootFromVolume } from './volume-boot.js';
import { attachVolume, describeVolumes, detachVolume } from './volumes.js';

/** Takes a call through counting, faults, latency and abort to the cloud. */
export type Pass = <T>(verb: ProviderAbility, options: CallOptions | undefined, act: () => T) => Promise<T>;

type Some<Name extends ProviderAbility> = Pick<Required<ProviderAbilities>, Name>;

/** Every ability of the contract, on this cloud, which leaves nothing behind, for the owner of these machines; kept addresses by option. */
export function abilitiesOn(
  cloud: SimulatedCloud,
  owner: string,
  pass: Pass,
): Some<Exclude<ProviderAbility, 'leftovers' | 'deleteLeftover' | 'ensureAddress'>> & Pick<ProviderAbilities, 'ensureAddress'> {
  return {
    ...powerAbilities(cloud, pass),
    ...diskAbilities(cloud, pass),
    ...snapshotAbilities(cloud, pass),
    ...networkAbilities(cloud, pass),
    ...(cloud.settings.keptAddresses && {
      ensureAddress: (id, _wish, options) => pass('ensureAddress', options, () => cloud.on(id, keepAddress)),
    }),
    ...figureAbilities(cloud, pass),
    ...guestAbilities(cloud, pass),
    ...groupAbilities(cloud, owner, pass),
    changes: (options) => pass('changes', options, () => cloud.at((site) => changesOf(site, owner))),
    unowned: (page, options) => pass('unowned', options, () => cloud.unowned(page)),
    adopt: (id, uuid, options) => pass('adopt', options, () => cloud.on(id, (_, machine) => adoptMachine(machine, owner, uuid))),
    release: (id, options) => pass('release', options, () => cloud.onKnown(id, (machine) => releaseMachine(machine, owner))),
  };
}

function powerAbilities(
  cloud: SimulatedCloud,
  pass: Pass,
): Some<'pause' | 'unpause' | 'suspend' | 'resume' | 'sizes' | 'resize'> {
  return {
    pause: (id, options) => pass('pause', options, () => cloud.on(id, pauseMachine)),
    unpause: (id, options) => pass('unpause', options, () => cloud.on(id, unpauseMachine)),
    suspend: (id, options) => pass('suspend', options, () => cloud.on(id, suspendMachine)),
    resume: (id, options) => pass('resume', options, () => cloud.on(id, resumeMachine)),
    sizes: (id, flavor, options) => pass('sizes', options, () => cloud.on(id, (site) => sizesFor(site, flavor))),
    resize: (id, size, power, options) =>
      pass('resize', options, () => cloud.on(id, (site, machine) => resizeMachine(site, machine, { size, power }))),
  };
}

function diskAbilities(
  cloud: SimulatedCloud,
  pass: Pass,
): Some<
  'resolveImage' | 'rebuild' | 'rescue' | 'unrescue' | 'describeVolumes' | 'bootFromVolume' | 'attachVolume' | 'detachVolume'
> {
  return {
    resolveImage: (image, options) => pass('resolveImage', options, () => cloud.at((site) => imageIdOf(site, image))),
    rebuild: (id, rebuild, options) =>
      pass('rebuild', options, () => cloud.on(id, (site, machine) => rebuildMachine(site, machine, rebuild))),
    rescue: (id, rescue, options) =>
      pass('rescue', options, () => cloud.on(id, (site, machine) => rescueMachine(site, machine, rescue))),
    unrescue: (id, _unrescue, options) => pass('unrescue', options, () => cloud.on(id, unrescueMachine)),
    describeVolumes: (ids, options) => pass('describeVolumes', options, () => cloud.at((site) => describeVolumes(site, ids))),
    bootFromVolume: (id, boot, options) =>
      pass('bootFromVolume', options, () => cloud.on(id, (site, machine) => bootFromVolume(site, machine, boot))),
    attachVolume: (id, volume, options) =>
      pass('attachVolume', options, () => cloud.on(id, (site, machine) => attachVolume(site, machine, volume))),
    detachVolume: (id, volumeId, options) =>
      pass('detachVolume', options, () => cloud.on(id, (site, machine) => detachVolume(site, machine, volumeId))),
  };
}

function snapshotAbilities(cloud: SimulatedCloud, pass: Pass): Some<'snapshot' | 'describeSnapshots' | 'deleteSnapshot'> {
  return {
    snapshot: (id, snapshot, options) =>
      pass('snapshot', options, () => cloud.on(id, (site, machine) => snapshotMachine(site, machine, snapshot))),
    describeSnapshots: (ids, options) =>
      pass('describeSnapshots', options, () => cloud.at((site) => describeSnapshots(site, ids))),
    deleteSnapshot: (id, options) =>
      pass('deleteSnapshot', options, () => cloud.at(({ state }) => void state.snapshots.delete(id))),
  };
}

function networkAbilities(cloud: SimulatedCloud, pass: Pass): Some<'addFixedIp' | 'removeFixedIp'> {
  return {
    addFixedIp: (id, fixedIp, options) =>
      pass('addFixedIp', options, () => cloud.on(id, (site, machine) => addFixedIp(site, machine, fixedIp))),
    removeFixedIp: (id, address, options) =>
      pass('removeFixedIp', options, () => cloud.on(id, (site, machine) => removeFixedIp(site, machine, address))),
  };
}

function groupAbilities(cloud: SimulatedCloud, owner: string, pass: Pass): Some<'prepareSecurityGroups' | 'syncSecurityGroups'> {
  return {
    prepareSecurityGroups: (request, options) =>
      pass('prepareSecurityGroups', options, () => cloud.at((site) => prepareSecurityGroups(site, owner, request))),
    async syncSecurityGroups(read, options) {
      const ids = await pass('syncSecurityGroups', options, () => cloud.at((site) => knownGroupIds(site, owner)));
      const found = await read(ids);
      return cloud.at((site) => syncSecurityGroups(site, owner, found));
    },
  };
}

function figureAbilities(cloud: SimulatedCloud, pass: Pass): Some<'diagnostics' | 'bandwidth' | 'consoleOutput'> {
  return {
    diagnostics: (id, options) => pass('diagnostics', options, () => cloud.on(id, diagnosticsOf)),
    bandwidth: (ids, since, options) => pass('bandwidth', options, () => bandwidthOf(cloud.read(ids), since)),
    consoleOutput: (id, options) =>
      pass('consoleOutput', options, () => ({
        text: cloud.on(id, consoleText),
        at: new Date(cloud.settings.clock.now()).toISOString(),
      })),
  };
}

function guestAbilities(
  cloud: SimulatedCloud,
  pass: Pass,
): Some<
  'encryptedPassword' | 'setPassword' | 'protect' | 'label' | 'connectConsole' | 'validateConsole' | 'openSerial' | 'screenshot'
> {
  return {
    encryptedPassword: (id, options) =>
      pass('encryptedPassword', options, () => cloud.on(id, (_, machine) => machine.extras?.encryptedPassword ?? null)),
    setPassword: (id, _password, options) => pass('setPassword', options, () => cloud.on(id, setPassword)),
    protect: (id, on, options) =>
      pass('protect', options, () => cloud.on(id, (site, machine) => protectMachine(site, machine, on))),
    label: (id, labels, options) =>
      pass('label', options, () => cloud.on(id, (site, machine) => labelMachine(site, machine, labels))),
    connectConsole: (id, type, options) =>
      pass('connectConsole', options, () => cloud.on(id, (site, machine) => connectConsole(site, machine, type))),
    validateConsole: (id, port, type, options) =>
      pass('validateConsole', options, () => cloud.on(id, (site, machine) => isConsoleValid(site, machine, { port, type }))),
    openSerial: (id, options) => pass('openSerial', options, () => cloud.on(id, openSerial)),
    screenshot: (id, options) => pass('screenshot', options, () => cloud.on(id, screenshotOf)),
  };
}
