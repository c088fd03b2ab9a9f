import { ProviderError, type ProviderErrorDetails, type ProviderErrorKind, type Screenshot } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { toProviderError } from '../limits/errors.js';
import { youngerThanNotFound } from '../limits/not-found.js';

const NO_SCREEN = 'Servers of this flavor have no screen in this cloud; use the serial console, or another flavor.';
const NOT_RUNNING = 'The server has no screen while it does not run.';
const NOTHING_YET = 'The cloud has no picture of this screen at the moment; try again later.';
/** Where the endpoint is no whole EC2, the table's own sentence says so. */
const OF_ENDPOINT = 'NotImplementedByEndpoint';

/**
 * The screen as EC2 sees it now (AWS: GetConsoleScreenshot). Asked once: whoever watches asks again anyway. `unsupported` of bare
 * metal, Graviton and machines with NVIDIA's GRID driver; which those are, EC2 says.
 */
export async function screenshot(
  ec2: Ec2Context,
  id: string,
  { wake, signal }: { readonly wake?: boolean | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Screenshot> {
  const asked = ec2.calls.once({
    action: 'GetConsoleScreenshot',
    signal,
    run: (api, options) => api.getConsoleScreenshot({ instanceId: id, ...(wake ? { wakeUp: true } : {}) }, options),
  });
  const image = await asked.catch((error: unknown) => {
    throw told(youngerThanNotFound(ec2.young, id, toProviderError(error)));
  });
  if (image.length === 0) throw new ProviderError('unavailable', `${id}: EC2 sent no picture`, { userMessage: NOTHING_YET });
  return { contentType: 'image/jpeg', image, takenAt: new Date(ec2.clock.now()).toISOString() };
}

/** EC2's general words speak of launches and stops. */
function told(error: ProviderError): ProviderError {
  const { kind, code } = error;
  if (code === OF_ENDPOINT) return error;
  if (kind === 'conflict') return reworded(error, kind, NOT_RUNNING);
  // Its code `Unsupported` means a want of room only where something is launched.
  return kind === 'unsupported' || kind === 'capacity' ? reworded(error, 'unsupported', NO_SCREEN) : error;
}

function reworded(cause: ProviderError, kind: ProviderErrorKind, userMessage: string): ProviderError {
  const details: ProviderErrorDetails = { cause, subject: 'instance', userMessage };
  return new ProviderError(kind, cause.message, cause.code === undefined ? details : { ...details, code: cause.code });
}
