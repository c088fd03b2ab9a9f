import { type Command, InvalidArgumentError } from 'commander';
import type { CellConfig } from '../../config/cell-config.js';
import { type Outcome, outcomeOf, record, uuidOf } from '../adopt/carry-out.js';
import { checkParent } from '../adopt/check-parent.js';
import { machinesTable, unownedMachines } from '../adopt/machines.js';
import { type Wish, wishesFor } from '../adopt/wishes.js';
import type { CliContext } from '../cli-context.js';
import { CliError, ExitCode } from '../cli-error.js';
import { type ConfigFileOptions, readConfig, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';
import { readable } from '../provider-failure.js';
import { table } from '../table.js';
import type { Cloud, withCloud } from '../with-cloud.js';

interface AdoptOptions extends ConfigFileOptions {
  readonly list?: boolean;
  readonly project?: string;
  readonly user?: string;
  readonly flavor: string;
  readonly name?: string;
  readonly deletable?: boolean;
  readonly dryRun?: boolean;
  readonly wait: number;
}

/** Loaded when needed only: naming the providers brings their libraries along. */
const lendCloud: typeof withCloud = async (config, work) => (await import('../with-cloud.js')).withCloud(config, work);

/** `burstcell adopt`. Exit code 1 when one of the machines was refused. */
export function addAdoptCommand(
  program: Command,
  context: CliContext,
  { exit, lend = lendCloud }: { readonly exit: (code: number) => void; readonly lend?: typeof withCloud },
): void {
  const adopt = program
    .command('adopt [machines...]')
    .description(
      "Takes machines that somebody else started at the provider into the cell, as instances of the parent's users. It records what is to be done, and a running cell does it: the machine gets the cell's tags, the parent gets a server. Given again, it finishes what was begun. A delete at the parent leaves such a machine running, unless --deletable was given.",
    )
    .option('--list', "show the machines that carry no cell's tag, and the flavor each would get")
    .option('--project <id>', 'project of the instances')
    .option('--user <id>', 'user of the instances')
    .option('--flavor <name>', 'name or id of a flavor that was seen in a build; auto: the nearest in vCPUs and memory', 'auto')
    .option('--name <name>', "what to call them, numbered from the second on (default: the machine's own name)")
    .option('--deletable', 'a delete at the parent ends the machine, as one that was booted there')
    .option('--dry-run', 'say what would be recorded, and record nothing')
    .option('--wait <seconds>', 'how long to wait for a running cell to do it', parseSeconds, 60)
    .action(async (machines: string[], options: AdoptOptions) => {
      const config = await readConfig(options, context);
      const work = async (cloud: Cloud) => {
        if (options.list === true) return showMachines(cloud, context);
        const isDone = await adoptAll(cloud, machines, { config, context, options });
        if (!isDone) exit(ExitCode.FAILED);
      };
      await lend(config, work).catch((error: unknown) => {
        throw readable(error);
      });
    });
  withExamples(withConfigFile(adopt), [
    ['what there is', 'burstcell adopt --list'],
    [
      'one machine for a project, to be left running when its instance is deleted',
      'burstcell adopt --project 1f0c --user 77ab i-0abc',
    ],
  ]);
}

async function showMachines({ store, provider }: Cloud, context: CliContext): Promise<void> {
  context.print(machinesTable(await unownedMachines(provider), await store.flavors.list()));
}

interface Given {
  readonly config: CellConfig;
  readonly context: CliContext;
  readonly options: AdoptOptions;
}

/** False when one was refused. */
async function adoptAll(cloud: Cloud, machines: readonly string[], { config, context, options }: Given): Promise<boolean> {
  const { project, user, deletable = false } = options;
  if (machines.length === 0 || project === undefined || user === undefined) throw USAGE;
  checkParent(config);
  const wanted = { ...options, project, user, deletable };
  const wishes = await wishesFor(cloud, machines, await unownedMachines(cloud.provider), wanted);
  context.print(wishesTable(wishes));
  if (options.dryRun === true) return true;
  await record(cloud.store, wishes);
  const until = Date.now() + options.wait * 1_000;
  const outcomes = await Promise.all(wishes.map((wish) => outcomeOf(cloud.store, uuidOf(wish), until)));
  for (const [index, wish] of wishes.entries()) context.print(said(wish, outcomes[index] ?? 'waiting'));
  return !outcomes.some((outcome) => typeof outcome === 'object');
}

const USAGE = new CliError(
  'machines, --project and --user are needed',
  "Say whose the instances shall be, or look around with 'burstcell adopt --list'.",
  { exitCode: ExitCode.USAGE },
);

function wishesTable(wishes: readonly Wish[]): string {
  const head = ['machine', 'instance', 'name', 'flavor', 'host', 'project', 'delete'];
  const rows = wishes.map((wish) => {
    if ('instance' in wish) return [wish.providerId, wish.instance.uuid, 'adopted already', '', '', '', ''];
    const { machine, uuid, name, flavor, host, projectId, isDeletable } = wish.adoption;
    const onDelete = isDeletable ? 'ends the machine' : 'leaves it running';
    return [machine.providerId, uuid, name, String(flavor.name), host, projectId, onDelete];
  });
  return table(head, rows);
}

function said(wish: Wish, outcome: Outcome): string {
  const providerId = 'adoption' in wish ? wish.adoption.machine.providerId : wish.providerId;
  if (outcome === 'adopted') return `${providerId} is instance ${uuidOf(wish)}`;
  if (outcome === 'waiting') return `${providerId} is recorded as instance ${uuidOf(wish)}; a running cell goes on with it`;
  return `${providerId} was refused: ${outcome.refused}`;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isSafeInteger(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError('It must be a whole number from 0 up.');
}
