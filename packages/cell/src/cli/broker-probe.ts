import { AmqpTransport, parseTransportUrl, type TransportState } from '@burstcell/wire';
import type { CellConfig } from '../config/cell-config.js';
import { readTlsFiles } from '../config/tls.js';
import { CliError } from './cli-error.js';
import { PROBE_TIMEOUT_MS } from './timings.js';

/** Connects once, to one host after the other, and leaves again. Rejects with what the broker, or the network, said. */
export async function probeBroker(url: string, { rabbit }: CellConfig): Promise<void> {
  const urls = parseTransportUrl(url);
  const tls = readTlsFiles(rabbit);
  const transport = AmqpTransport.connect({ urls, connectionName: 'burstcell doctor', ...(tls === undefined ? {} : { tls }) });
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PROBE_TIMEOUT_MS);
  // The transport itself never gives up: once each host has failed, we do.
  const off = transport.onState(({ error, attempts = 0 }) => {
    if (error !== undefined && attempts >= urls.hosts.length) giveUp.abort();
  });
  try {
    await transport.ready(giveUp.signal);
  } catch (cause) {
    throw unusable(transport.state, cause);
  } finally {
    off();
    clearTimeout(timer);
    await transport.close();
  }
}

function unusable({ host, error }: TransportState, cause: unknown): CliError {
  return new CliError(
    `${host ?? 'it'} cannot be used: ${error?.message ?? 'it does not answer'}`,
    'Check the address, the user, its permissions on the virtual host, and that the broker runs.',
    { cause },
  );
}
