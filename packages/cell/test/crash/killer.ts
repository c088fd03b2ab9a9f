import { setTimeout as pause } from 'node:timers/promises';
import type { Stage } from '../support/stage.js';

export interface KillerOptions {
  readonly stage: Stage;
  readonly replicas: number;
  readonly kills: number;
  /** Between two kills, on the average. */
  readonly meanGapMs: number;
  readonly random: () => number;
  onKill(replica: number, count: number): void;
}

/** A dead replica stays dead for up to this long: sometimes none is left for a moment. */
const MAX_DOWN_MS = 1_500;
/** Between two kills at the least. A replica may die while it is still starting. */
const MIN_GAP_MS = 150;

/** Kills replicas with SIGKILL at random times and starts them again. Resolves when all kills are done and all run. */
export async function killAtRandom(options: KillerOptions): Promise<void> {
  const { stage, replicas, kills, meanGapMs, random } = options;
  const restarts = new Map<number, Promise<void>>();
  for (let count = 1; count <= kills; count += 1) {
    await pause(MIN_GAP_MS + 2 * meanGapMs * random());
    const replica = Math.floor(random() * replicas);
    await restarts.get(replica);
    await stage.replicas[replica]?.kill();
    options.onKill(replica, count);
    const downMs = random() * MAX_DOWN_MS;
    restarts.set(replica, restart(stage, replica, downMs));
  }
  await Promise.all(restarts.values());
  for (let replica = 0; replica < replicas; replica += 1) await ensureUp(stage, replica);
}

/** Started, and not waited for: the next kill may find it half-way up. */
async function restart(stage: Stage, replica: number, downMs: number): Promise<void> {
  await pause(downMs);
  stage.replicas[replica] = stage.cell.spawn(replica);
}

async function ensureUp(stage: Stage, replica: number): Promise<void> {
  const running = stage.replicas[replica];
  if (running?.isRunning !== true) await stage.start(replica);
  else await running.line((line) => (line.includes('"msg":"cell is up"') ? true : undefined));
}
