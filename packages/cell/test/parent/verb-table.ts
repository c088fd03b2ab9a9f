import {
  all,
  answerHas,
  answerNamesCell,
  answerNamesServer,
  builtRight,
  faultIsReadable,
  hasCapacity,
  isLocked,
  isRenamed,
  listedTruly,
  machinesAre,
  machinesGone,
  metadataIs,
  notEmpty,
  threeNames,
} from './checks.js';
import type { Scene, Verb } from './verb.js';
import { moreQueries, otherBoots, states } from './verbs-beyond.js';
import { fromVolume } from './verbs-from-volume.js';

const boot = ['boot', '--flavor', 'm1.tiny', '--image', 'cirros'];
const oldest = ['--os-compute-api-version', '2.1'];
const active = { rest: ['ACTIVE'], check: machinesAre('running') };
const gone = { rest: ['GONE'], check: machinesGone };
const failed = { rest: ['ERROR'], check: all(faultIsReadable, machinesGone) };
const A = 'A' as const;
const get = (path: string): Verb['ask'] => ({ rest: ['GET', path] });

const oneLife: Verb[] = [
  {
    name: 'boot',
    issue: A,
    ask: { cli: [...boot, '--meta', 'k=v', '{name}'] },
    boots: true,
    rest: ['ACTIVE'],
    check: builtRight,
  },
  { name: 'list', issue: A, ask: { cli: ['list'] }, check: listedTruly },
  { name: 'show', issue: A, ask: { cli: ['show', '{server}'] }, check: answerNamesServer },
  { name: 'stop', issue: A, ask: { cli: ['stop', '{server}'] }, rest: ['SHUTOFF'], check: machinesAre('stopped') },
  { name: 'start', issue: A, ask: { cli: ['start', '{server}'] }, ...active },
  { name: 'reboot', issue: A, ask: { cli: ['reboot', '{server}'] }, ...active },
  { name: 'reboot-hard', issue: A, ask: { cli: ['reboot', '--hard', '{server}'] }, ...active },
  { name: 'lock', issue: A, ask: { cli: ['lock', '{server}'] }, rest: ['ACTIVE'], check: isLocked(true) },
  { name: 'unlock', issue: A, ask: { cli: ['unlock', '{server}'] }, rest: ['ACTIVE'], check: isLocked(false) },
  {
    name: 'update-name',
    issue: A,
    ask: { cli: ['update', '--name', '{name}-new', '{server}'] },
    rest: ['ACTIVE'],
    check: isRenamed,
  },
  {
    name: 'meta-set',
    issue: A,
    ask: { cli: ['meta', '{server}', 'set', 'a=1', 'b=2'] },
    rest: ['ACTIVE'],
    check: metadataIs({ k: 'v', a: '1', b: '2' }),
  },
  {
    name: 'meta-delete',
    issue: A,
    ask: { cli: ['meta', '{server}', 'delete', 'a'] },
    rest: ['ACTIVE'],
    check: metadataIs({ k: 'v', b: '2' }),
  },
  { name: 'console-log', issue: A, ask: { cli: ['console-log', '{server}'] } },
  {
    name: 'instance-action-list',
    issue: A,
    ask: { cli: ['instance-action-list', '{server}'] },
    check: answerHas('create', 'stop', 'start', 'reboot'),
  },
  { name: 'instance-action', issue: A, ask: { cli: ['instance-action', '{server}', '{request}'] }, check: answerHas('Success') },
  { name: 'reset-state', issue: A, ask: { cli: ['reset-state', '{server}'] }, rest: ['ERROR'], check: machinesAre('running') },
  { name: 'reset-state-active', issue: A, ask: { cli: ['reset-state', '--active', '{server}'] }, ...active },
  { name: 'delete', issue: A, ask: { cli: ['delete', '{server}'] }, ...gone },
];

const stoppedLife: Verb[] = [
  { name: 'boot-to-stop', issue: A, ask: { cli: [...boot, '{name}'] }, boots: true, rest: ['ACTIVE'], check: builtRight },
  { name: 'stop-to-delete', issue: A, ask: { cli: ['stop', '{server}'] }, rest: ['SHUTOFF'], check: machinesAre('stopped') },
  { name: 'delete-stopped', issue: A, ask: { cli: ['delete', '{server}'] }, ...gone },
];

/** Two of the three stay, so that the last comparison of parent and cloud has something to compare. */
const several: Verb[] = [
  {
    name: 'boot-3',
    issue: A,
    ask: { cli: [...boot, '--min-count', '3', '--max-count', '3', '{name}'] },
    boots: true,
    rest: ['ACTIVE'],
    check: all(builtRight, threeNames),
  },
  { name: 'list-3', issue: A, ask: { cli: ['list'] }, check: listedTruly },
  { name: 'force-delete', issue: A, before: 'first of three', ask: { cli: ['force-delete', '{server}'] }, ...gone },
];

const queries: Verb[] = [
  {
    name: 'service-list',
    issue: A,
    ask: { cli: ['service-list'] },
    check: all(answerNamesCell, answerHas('nova-compute', 'up')),
  },
  { name: 'host-list', issue: A, ask: get('/os-hosts'), check: all(notEmpty('hosts'), answerNamesCell) },
  { name: 'hypervisor-list', issue: A, ask: { cli: ['hypervisor-list'] }, check: answerHas('up', 'enabled') },
  {
    name: 'hypervisor-show',
    issue: A,
    ask: { cli: [...oldest, 'hypervisor-show', '{hypervisor}'] },
    check: answerHas('memory_mb', 'vcpus'),
  },
  { name: 'hypervisor-stats', issue: A, ask: { cli: ['hypervisor-stats'] }, check: answerHas('count', 'memory_mb') },
  { name: 'migration-list', issue: A, ask: { cli: ['migration-list'] } },
  { name: 'migration-list-2.1', issue: A, ask: { cli: [...oldest, 'migration-list'] } },
  { name: 'cell-capacities', issue: A, ask: get('/os-cells/{cell}/capacities'), check: hasCapacity },
  { name: 'cell-capacities-cli', issue: A, ask: { cli: ['cell-capacities', '--cell', '{cell}'] } },
  { name: 'cells-detail', issue: A, ask: get('/os-cells/detail'), check: all(notEmpty('cells'), answerNamesCell) },
  { name: 'task-log', issue: A, ask: get('/os-instance_usage_audit_log') },
  { name: 'sync-instances', issue: A, ask: { rest: ['POST', '/os-cells/sync_instances', {}] } },
  ...moreQueries,
];

/** After these the child remembers for minutes that there was no room: nothing that must run may follow. */
const noRoom: Verb[] = [
  {
    name: 'boot-too-big',
    issue: A,
    ask: { cli: ['boot', '--flavor', 'huge', '--image', 'cirros', '{name}'] },
    boots: true,
    ...failed,
  },
  { name: 'list-too-big', issue: A, ask: { cli: ['list'] }, check: listedTruly },
  { name: 'delete-error-too-big', issue: A, ask: { cli: ['delete', '{server}'] }, ...gone },
  { name: 'boot-no-quota', issue: A, before: 'no quota', ask: { cli: [...boot, '{name}'] }, boots: true, ...failed },
  { name: 'delete-error-no-quota', issue: A, ask: { cli: ['delete', '{server}'] }, ...gone },
  { name: 'boot-no-room', issue: A, before: 'no room', ask: { cli: [...boot, '{name}'] }, boots: true, ...failed },
  { name: 'list-no-room', issue: A, ask: { cli: ['list'] }, check: listedTruly },
  { name: 'delete-error', issue: A, before: 'room again', ask: { cli: ['delete', '{server}'] }, ...gone },
];

/**
 * What is tried at a real parent, in this order. What it should come to is what a user of nova expects, whatever nova's own
 * child makes of it.
 */
export const SCENES: Scene[] = [
  { name: 'one life', verbs: oneLife },
  { name: 'a stopped one', verbs: stoppedLife },
  { name: 'three at once', verbs: several },
  { name: 'an operator asks', verbs: queries },
  { name: 'every other state', verbs: states },
  { name: 'other boots', verbs: otherBoots },
  { name: 'from a volume', verbs: fromVolume },
  { name: 'no room', verbs: noRoom },
];
