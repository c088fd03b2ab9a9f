import {
  decodeInterCell,
  encodeInterCell,
  type InterCellMessage,
  intercellTargets,
  RpcServer,
  topologyOf,
} from '@burstcell/wire';
import type { Front, FrontParts } from '../../src/front.js';
import { ApiDatabaseTidier } from '../../src/fronts/cells-v1/api-database-tidier.js';
import { Calls } from '../../src/fronts/cells-v1/calls.js';
import { ChildCells } from '../../src/fronts/cells-v1/child-cells.js';
import { Intake } from '../../src/fronts/cells-v1/intake.js';
import type { Neighbours } from '../../src/fronts/cells-v1/neighbours.js';
import type { CellsV1Options } from '../../src/fronts/cells-v1/options.js';
import { Pulse } from '../../src/fronts/cells-v1/pulse.js';
import { ReleaseWatch } from '../../src/fronts/cells-v1/release-watch.js';
import { CellsV1Link } from '../../src/fronts/cells-v1/v1-link.js';
import { LocalBroker } from './local-broker.js';

export interface LocalFrontParts extends FrontParts {
  readonly options: CellsV1Options;
  readonly parentName: string;
  /** Hears everything that goes up, as it would be on the wire. */
  readonly hear: (message: InterCellMessage) => void;
}

/** The cells v1 front with its real intake, link and pulse, and with the brokers of both sides within the process. */
export class LocalFront implements Front {
  readonly broker = new LocalBroker();
  readonly link: CellsV1Link;
  private readonly pulse: Pulse;
  private readonly intake: Intake;
  private readonly server: RpcServer;

  constructor(parts: LocalFrontParts) {
    const { options, store, hosts, capacities, log, now, ask, secrets, protects } = parts;
    const neighbours = localNeighbours(parts);
    const calls = new Calls();
    this.link = new CellsV1Link({ options, store, neighbours, calls, tidier: new ApiDatabaseTidier(null, log), log });
    this.pulse = new Pulse({ options, neighbours, capacities, log, isMyTurn: async () => false });
    this.intake = new Intake({
      ...parts,
      tools: { store, hosts, dialect: options.dialect, log, now, pulse: this.pulse, ask, secrets, protects },
      neighbours,
      calls,
      releases: new ReleaseWatch(options.spoken, log),
    });
    this.server = new RpcServer(this.broker.transport, {
      targets: intercellTargets(options.host, topologyOf(options.dialect), options.names),
      prefetch: options.prefetch,
      onRequest: (request) => void this.intake.take(request),
      onRejected: (bad) => void this.intake.takeRejected(bad),
    });
  }

  capacityChanged(): void {
    this.pulse.soon();
  }

  async start(): Promise<void> {
    await this.server.ready;
    this.pulse.start();
  }

  async stopListening(): Promise<void> {
    this.intake.stop();
    this.pulse.stop();
    await this.server.stop();
  }

  async close(): Promise<void> {}
}

function localNeighbours({ options, parentName, hear }: LocalFrontParts): Neighbours {
  const neighbours = {
    parentNames: [parentName],
    childNames: [],
    children: new ChildCells(options.muteChildIntervalMs),
    send: async (message: InterCellMessage) => hear(decodeInterCell(encodeInterCell(message))),
  };
  return neighbours as unknown as Neighbours;
}
