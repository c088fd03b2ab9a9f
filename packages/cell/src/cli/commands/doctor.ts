import type { CellRow } from '@burstcell/store';
import { parseTransportUrl } from '@burstcell/wire';
import type { Command } from 'commander';
import type { CellConfig } from '../../config/cell-config.js';
import { NO_IMAGE_SERVICE, openImageService } from '../../images/open-image-service.js';
import { openSecurityGroups } from '../../neutron/open-security-groups.js';
import { SERVICE_REQUEST_MS } from '../../timings.js';
import type { CliContext } from '../cli-context.js';
import { CliError, ExitCode } from '../cli-error.js';
import { type ConfigFileOptions, readConfig, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';
import { describeFailure } from '../failure.js';
import { askedOfNetworkService } from '../network-service.js';
import { readable } from '../provider-failure.js';
import { parentFacts } from '../register/parent-facts.js';

/** One thing that is looked at: answers what is well, or what works only in part, or throws what is wrong. */
interface Check {
  readonly name: string;
  readonly look: () => Promise<string | Warning>;
}

interface Warning {
  readonly warning: string;
}

/** `burstcell doctor` */
export function addDoctorCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const doctor = program
    .command('doctor')
    .description(
      'Looks at everything the cell needs and says what is wrong: configuration, database, brokers of both sides. Changes nothing. Exit code 1 when something is wrong.',
    )
    .action(async (options: ConfigFileOptions) => {
      const config = await readConfig(options, context);
      context.print(`ok      program: Node ${process.versions.node}`);
      context.print(
        `ok      configuration: cell ${config.cells.name}, provider ${config.burst.provider}, parent ${config.burst.parentRelease}`,
      );
      const isWell = await lookAt(CHECKS, config, context);
      if (!isWell) exit(ExitCode.FAILED);
    });
  withExamples(withConfigFile(doctor), [['before the first run, and when something seems wrong', 'burstcell doctor']]);
}

const CHECKS = [
  providerCheck,
  databaseCheck,
  brokerCheck,
  parentCheck,
  parentReleaseCheck,
  parentDatabaseCheck,
  imageServiceCheck,
  networkServiceCheck,
  eventsCheck,
];
const OBSERVES = 'only observed ([burst] observe_only): verbs that would change a machine are refused, no room is offered';

/** All of them, even after one that failed: an operator wants the whole list. */
async function lookAt(
  checks: readonly ((config: CellConfig, context: CliContext) => Check)[],
  config: CellConfig,
  context: CliContext,
): Promise<boolean> {
  let isWell = true;
  for (const make of checks) {
    const { name, look } = make(config, context);
    try {
      const seen = await look();
      context.print(typeof seen === 'string' ? `ok      ${name}: ${seen}` : `WARNING ${name}: ${seen.warning}`);
    } catch (error) {
      isWell = false;
      const failure = describeFailure(readable(error));
      context.print(`WRONG   ${name}: ${failure.message}`);
      if (failure.remedy !== undefined) context.print(`        ${failure.remedy}`);
    }
  }
  return isWell;
}

function providerCheck(config: CellConfig, context: CliContext): Check {
  return {
    name: 'provider',
    look: async () => {
      await context.checkProvider?.(config);
      return config.burst.observeOnly ? OBSERVES : 'machines are launched and changed';
    },
  };
}

function eventsCheck(config: CellConfig, context: CliContext): Check {
  return {
    name: 'the events queue',
    look: async () => {
      if (!(await isProviderWell(config, context))) return "not looked at: the provider's section, which names it, is wrong";
      if ((await context.probeEvents?.(config)) === true) return 'may be read';
      return 'not set ([ec2] events_queue_url): what changes outside of nova is found by sweeps';
    },
  };
}

async function isProviderWell(config: CellConfig, context: CliContext): Promise<boolean> {
  try {
    await context.checkProvider?.(config);
    return true;
  } catch {
    // The provider's own check has said what is wrong.
    return false;
  }
}

function databaseCheck(config: CellConfig, context: CliContext): Check {
  return {
    name: 'database',
    look: async () => {
      const { state, applied } = await context.database.status(config.database.connection);
      if (state === 'new')
        throw new CliError(
          'its schema is newer than this program',
          'Use a burstcell at least as new as the one that migrated it.',
        );
      if (state !== 'current') throw new CliError(`its schema is ${state}`, "Run 'burstcell db migrate'.");
      return `schema ${applied.at(-1) ?? ''}`;
    },
  };
}

function brokerCheck(config: CellConfig, context: CliContext): Check {
  return {
    name: "this cell's broker",
    look: async () => {
      await context.probeBroker(config.transportUrl, config);
      return 'lets us in';
    },
  };
}

function parentCheck(config: CellConfig, context: CliContext): Check {
  return {
    name: "the parent's broker",
    look: async () => {
      if (config.cells.cellsConfig !== null) return `not looked at: neighbours come from ${config.cells.cellsConfig}`;
      const { state } = await context.database.status(config.database.connection);
      if (state !== 'current') return 'not looked at: the database, which names it, is not ready';
      const parent = await findParent(config, context);
      if (sharesQueues(parent.transport_url, config)) throw new CliError(SHARED, SHARED_REMEDY);
      await context.probeBroker(parent.transport_url, config);
      return `${parent.name} lets us in`;
    },
  };
}

/** A cell that runs compares what arrives with what is configured; here its doubts are read. */
function parentReleaseCheck(config: CellConfig, context: CliContext): Check {
  return {
    name: "the parent's release",
    look: async () => {
      const { state } = await context.database.status(config.database.connection);
      if (state !== 'current') return 'not looked at: the database, which would tell, is not ready';
      const finding = (await context.parentFinding?.(config)) ?? null;
      if (finding === null) return `${config.burst.parentRelease}; nothing that arrived lately speaks against it`;
      throw new CliError(finding, 'Set [burst] parent_release to the release of the parent, or to auto.');
    },
  };
}

async function findParent(config: CellConfig, context: CliContext): Promise<CellRow> {
  const store = await context.database.open(config.database.connection);
  try {
    const parent = (await store.cells.list()).find((cell) => cell.is_parent);
    if (parent !== undefined) return parent;
    throw new CliError('no parent is known', "Make it known with 'burstcell cell create --cell_type parent …'.");
  } finally {
    await store.close();
  }
}

const SHARED = "it is this cell's own, virtual host and queues included: each cell would take the other's messages";
const SHARED_REMEDY = 'Give each cell a virtual host of its own, or set [burst] parent_queue_base and parent_control_exchange.';

/** Two cells on one virtual host must at least differ in the names of their queues. */
function sharesQueues(parentUrl: string, { transportUrl, burst, cells }: CellConfig): boolean {
  const [own, parent] = [parseTransportUrl(transportUrl), parseTransportUrl(parentUrl)];
  const isSameHost = own.hosts.some((host) =>
    parent.hosts.some((other) => other.hostname === host.hostname && other.port === host.port),
  );
  return isSameHost && own.virtualHost === parent.virtualHost && burst.parentQueueBase === cells.rpcDriverQueueBase;
}

function parentDatabaseCheck({ apiDatabase, burst: { parentRelease } }: CellConfig): Check {
  return {
    name: "the parent's API database",
    look: async () => {
      if (apiDatabase.connection !== null) return 'set';
      if (parentRelease === 'auto') return 'not set: right up to Mitaka, needed from Newton on';
      if (!parentFacts(parentRelease).needsApiDatabase) return `not set: ${parentRelease} does not need it`;
      throw new CliError(
        'it is not set',
        `Set [api_database] connection: 'nova list' of a ${parentRelease} parent goes on showing BUILD without it.`,
      );
    },
  };
}

function imageServiceCheck({ glance }: CellConfig): Check {
  return {
    name: "the parent's image service",
    look: async () => {
      const images = openImageService(glance);
      if (images === null) return { warning: NO_IMAGE_SERVICE };
      if (glance.user === null)
        return { warning: 'not looked at: [glance] username is not set, so users’ tokens must not expire' };
      await images.probe(AbortSignal.timeout(SERVICE_REQUEST_MS));
      return 'lets us in';
    },
  };
}

function networkServiceCheck({ neutron }: CellConfig): Check {
  return {
    name: "the parent's network service",
    look: async () => {
      const groups = openSecurityGroups(neutron);
      if (groups === null) return "not followed: the provider's options say which security groups servers get";
      await askedOfNetworkService(groups.probe(AbortSignal.timeout(SERVICE_REQUEST_MS)));
      return 'lets us in';
    },
  };
}
