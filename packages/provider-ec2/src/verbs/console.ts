import type { ConsoleOutput } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';

/** What EC2 last kept of the console: up to 64 KB, posted after boot, stop and reboot, so minutes old (AWS: GetConsoleOutput). */
export async function consoleOutput(ec2: Ec2Context, id: string, signal?: AbortSignal): Promise<ConsoleOutput> {
  const { output, timestamp } = await ec2.calls.read({
    action: 'GetConsoleOutput',
    signal,
    run: (api, options) => api.getConsoleOutput(id, options),
  });
  return { text: output, at: timestamp ?? null };
}
