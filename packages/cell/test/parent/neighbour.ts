/** The flags of `nova-manage cell create` and `burstcell cell create`, which are the same. */
export interface Neighbour {
  name: string;
  cellType: 'parent' | 'child';
  /** A broker URL with virtual host. */
  brokerUrl: URL;
}

/** Port and both weights are mandatory numbers in every release's nova-manage. */
export function cellCreateArgs({ name, cellType, brokerUrl }: Neighbour): string[] {
  return [
    ...['cell', 'create', '--name', name, '--cell_type', cellType],
    ...['--username', decodeURIComponent(brokerUrl.username), '--password', decodeURIComponent(brokerUrl.password)],
    ...['--hostname', brokerUrl.hostname, '--port', brokerUrl.port || '5672'],
    ...['--virtual_host', decodeURIComponent(brokerUrl.pathname.slice(1)), '--woffset', '1.0', '--wscale', '1.0'],
  ];
}

/** The URL of one virtual host of a broker. */
export function atVhost(brokerUrl: URL, vhost: string): URL {
  const url = new URL(brokerUrl.href);
  url.pathname = `/${encodeURIComponent(vhost)}`;
  return url;
}

/** The same as oslo.messaging writes it. */
export function transportUrl(brokerUrl: URL): string {
  return brokerUrl.href.replace(/^amqp:/, 'rabbit:');
}
