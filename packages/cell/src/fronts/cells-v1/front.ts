import { AmqpTransport, intercellTargets, parseTransportUrl, RpcServer, topologyOf } from '@burstcell/wire';
import type { Front, FrontParts } from '../../front.js';
import type { ApiDatabaseTidier } from './api-database-tidier.js';
import { Calls } from './calls.js';
import { Intake } from './intake.js';
import { Neighbours } from './neighbours.js';
import type { CellsV1Options } from './options.js';
import { Pulse } from './pulse.js';
import { keepFinding } from './release-finding.js';
import { ReleaseQuestion } from './release-question.js';
import { ReleaseWatch } from './release-watch.js';
import { CellsV1Link } from './v1-link.js';

export interface CellsV1Parts extends FrontParts {
  readonly options: CellsV1Options;
  readonly tidier: ApiDatabaseTidier;
}

/** The cell as its cells v1 parents see it: three pairs of queues on its own broker, and a voice on theirs. */
export class CellsV1Front implements Front {
  readonly link: CellsV1Link;
  private readonly pulse: Pulse;
  private readonly neighbours: Neighbours;
  private readonly intake: Intake;
  private readonly question: ReleaseQuestion;
  private transport: AmqpTransport | undefined;
  private server: RpcServer | undefined;

  constructor(private readonly parts: CellsV1Parts) {
    const { options, store, hosts, capacities, tidier, log, now, holder } = parts;
    const calls = new Calls();
    this.neighbours = new Neighbours(options, store, log);
    this.link = new CellsV1Link({ options, store, neighbours: this.neighbours, calls, tidier, log });
    const isMyTurn = async (ttlMs: number) => (await store.leases.hold('pulse', holder, ttlMs)) !== null;
    this.pulse = new Pulse({ options, neighbours: this.neighbours, capacities, log, isMyTurn });
    this.neighbours.onNewChild((name) => void this.pulse.askChild(name));
    const releases = new ReleaseWatch(options.spoken, log, (detail) => void keepFinding(store, detail, log));
    this.question = new ReleaseQuestion({ options, neighbours: this.neighbours, calls, releases, log });
    this.intake = new Intake({
      ...parts,
      tools: {
        store,
        hosts,
        get dialect() {
          return options.dialect;
        },
        log,
        now,
        pulse: this.pulse,
        ask: parts.ask,
        secrets: parts.secrets,
        protects: parts.protects,
      },
      neighbours: this.neighbours,
      calls,
      releases,
    });
  }

  capacityChanged(): void {
    this.pulse.soon();
  }

  /** Resolves when messages are being taken: what is said before waits in our durable queues. */
  async start(): Promise<void> {
    await this.neighbours.start();
    const { options, log } = this.parts;
    this.transport = AmqpTransport.connect({
      urls: parseTransportUrl(options.transportUrl),
      heartbeatSeconds: options.heartbeatSeconds,
      connectionName: `burstcell ${options.name}`,
      log,
      ...(options.tls === null ? {} : { tls: options.tls }),
    });
    const release = topologyOf(options.dialect, { durable: options.durable, autoDelete: options.autoDelete });
    const flags = release.transientTtlMs === undefined ? release : { ...release, transientTtlMs: options.transientQueuesTtlMs };
    this.server = new RpcServer(this.transport, {
      targets: intercellTargets(options.host, flags, options.names),
      prefetch: options.prefetch,
      onRequest: (request) => void this.intake.take(request),
      onRejected: (bad) => void this.intake.takeRejected(bad),
    });
    await this.server.ready;
    this.pulse.start();
    this.question.start();
  }

  /** Takes nothing more; what can still be said is said by others. */
  async stopListening(): Promise<void> {
    this.question.stop();
    this.intake.stop();
    this.pulse.stop();
    await this.server?.stop();
  }

  async close(): Promise<void> {
    await this.transport?.close();
    await this.neighbours.stop();
    await this.parts.tidier.close();
  }
}
