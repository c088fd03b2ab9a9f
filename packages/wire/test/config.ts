import { type ParsedTransportUrl, parseTransportUrl } from '../src/index.js';

/** The broker of the tests: what the environment names, else the one on the standard port. */
export function testBroker(): ParsedTransportUrl {
  const { BURSTCELL_AMQP_URL: url } = process.env;
  return parseTransportUrl(url === undefined || url === '' ? 'rabbit://guest:guest@127.0.0.1:5672/' : url);
}
