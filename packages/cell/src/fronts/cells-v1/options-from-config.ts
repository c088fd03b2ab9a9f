import { readFileSync } from 'node:fs';
import type { Release } from '@burstcell/wire';
import type { CellConfig, RabbitConfig } from '../../config/cell-config.js';
import type { CellsV1Options } from './options.js';
import { SpokenRelease } from './spoken-release.js';

/** With `auto`, taken for the parent's release until it is recognised: the last that has cells v1. */
const ASSUMED_RELEASE: Release = 'rocky';

/** The front's options from the configuration file. Reads the TLS files. */
export function cellsV1Options(config: CellConfig): CellsV1Options {
  const { burst, cells, rabbit } = config;
  const spoken = new SpokenRelease(burst.parentRelease === 'auto' ? null : burst.parentRelease, ASSUMED_RELEASE);
  const names = { exchange: config.controlExchange, queueBase: cells.rpcDriverQueueBase };
  return {
    name: cells.name,
    host: config.host,
    spoken,
    get dialect() {
      return spoken.dialect;
    },
    transportUrl: config.transportUrl,
    names,
    parentNames: { exchange: burst.parentControlExchange, queueBase: burst.parentQueueBase },
    childNames: names,
    durable: rabbit.amqpDurableQueues,
    autoDelete: rabbit.amqpAutoDelete,
    transientQueuesTtlMs: rabbit.transientQueuesTtlMs,
    tls: tlsOptions(rabbit),
    heartbeatSeconds: Math.round(rabbit.heartbeatTimeoutMs / 1_000),
    prefetch: rabbit.qosPrefetchCount > 0 ? rabbit.qosPrefetchCount : DEFAULT_PREFETCH,
    callTimeoutMs: cells.callTimeoutMs,
    maxHopCount: cells.maxHopCount,
    muteChildIntervalMs: cells.muteChildIntervalMs,
    neighboursRefreshMs: cells.dbCheckIntervalMs,
    cellsConfig: cells.cellsConfig,
    pulseIntervalMs: burst.pulseIntervalMs,
    capabilities: capabilities(cells.capabilities),
  };
}

/** nova's 0 means "no limit"; ours bounds what is held in memory while the database is away. */
const DEFAULT_PREFETCH = 200;

/** `name=v1;v2` of nova's `[cells] capabilities`. */
function capabilities(texts: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const pairs = texts.map((text) => text.split('=', 2));
  return Object.fromEntries(
    pairs.map(([name = '', values = '']) => [name.trim(), values.split(';').map((value) => value.trim())]),
  );
}

function tlsOptions(rabbit: RabbitConfig): CellsV1Options['tls'] {
  if (!rabbit.ssl) return null;
  return {
    ...(rabbit.sslCaFile === null ? {} : { ca: readFileSync(rabbit.sslCaFile) }),
    ...(rabbit.sslCertFile === null ? {} : { cert: readFileSync(rabbit.sslCertFile) }),
    ...(rabbit.sslKeyFile === null ? {} : { key: readFileSync(rabbit.sslKeyFile) }),
  };
}
