import type { Who } from './identity-stub.js';
import type { Installation } from './install.js';
import { type CommandAnswer, runCommand } from './run-command.js';
import { CLI_MS } from './timings.js';

/** The release's own `nova` command, against one parent. */
export class NovaCli {
  constructor(
    readonly installation: Installation,
    readonly identityUrl: string,
  ) {}

  /** Never throws for a command that fails; `status` says it. */
  run(args: readonly string[], who: Who = { user: 'admin', project: 'admin' }): Promise<CommandAnswer> {
    return runCommand(this.installation.command('nova'), args, { env: this.environment(who), timeoutMs: CLI_MS });
  }

  /** What an operator exports before using the CLI. */
  environment(who: Who = { user: 'admin', project: 'admin' }): Record<string, string> {
    return {
      OS_AUTH_URL: this.identityUrl,
      OS_IDENTITY_API_VERSION: '3',
      OS_USERNAME: who.user,
      OS_PROJECT_NAME: who.project,
      OS_PASSWORD: 'any',
      OS_USER_DOMAIN_ID: 'default',
      OS_PROJECT_DOMAIN_ID: 'default',
      OS_REGION_NAME: 'RegionOne',
    };
  }
}
