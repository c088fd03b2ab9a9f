import { CliError } from './cli-error.js';

const REMEDY = 'Check endpoint_override, auth_url and the user of [neutron], who must see security groups of all projects.';

/** What commands ask of the network service. Rejects with a `CliError`. */
export async function askedOfNetworkService<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(why, REMEDY, { cause: error });
  }
}
