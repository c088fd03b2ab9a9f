import type { Ec2Context } from '../context.js';
import type { Calls } from '../limits/calls.js';
import type { CommandsApi } from '../ports/commands-api.js';
import { wrongState } from '../watching/machine-state.js';
import { runInGuest } from './guest-command.js';
import { hashPassword } from './sha512-crypt.js';
import { setWindowsPassword } from './windows-password.js';

const SHELL = 'AWS-RunShellScript';
/** Whom nova means where the image names nobody (nova/virt/libvirt/driver.py, set_admin_password). */
const USER = 'root';

/**
 * Sets the administrator's password in a running guest by Systems Manager's Run Command, and waits for its end. Everything that
 * is sent stays readable in the account's command history for 30 days, so the password itself never leaves this process: a Linux
 * guest is given its hash, as it would keep it, and a Windows guest what its own key alone decrypts. A parameter of Parameter
 * Store would need rights and tools in the guest that it mostly lacks.
 *
 * Repeat-safe: each call sets the same password. `conflict` unless the machine runs; else as {@link runInGuest}.
 */
export async function setPassword(
  ec2: Ec2Context,
  commands: Calls<CommandsApi>,
  { id, password }: { readonly id: string; readonly password: string },
  signal?: AbortSignal,
): Promise<void> {
  const machine = await ec2.instances.one(id, signal);
  if (machine.state !== 'running') throw wrongState(machine, 'given a password');
  if (machine.platform === 'windows') return setWindowsPassword(ec2, commands, { machine, password }, signal);

  const script = ["chpasswd -e <<'EOF'", `${USER}:${await hashPassword(password)}`, 'EOF'];
  await runInGuest(ec2, commands, { machine, document: SHELL, script }, signal);
}
