import type { Stage } from './stage.js';
import { SET_RIGHT_MS } from './timings.js';
import type { Scene, Verb } from './verb.js';
import { type Outcome, runVerb, skipped } from './verb-runner.js';
import { until } from './wait.js';

export interface SceneOptions {
  scenes: Scene[];
  /** Verbs of later issues too. */
  everything: boolean;
  /** Told of each as soon as it is known. */
  onOutcome: (outcome: Outcome) => void;
}

/** Every scene from a clean start: a verb speaks only of servers of its own scene. */
export async function runScenes(stage: Stage, options: SceneOptions): Promise<void> {
  let last: Outcome | undefined;
  for (const scene of options.scenes) {
    stage.current = [];
    for (const verb of scene.verbs.filter(({ issue }) => issue === 'A' || options.everything)) {
      last = await runOrSkip(stage, verb, last);
      options.onOutcome(last);
    }
  }
}

async function runOrSkip(stage: Stage, verb: Verb, last: Outcome | undefined): Promise<Outcome> {
  const speaksOfNone = !verb.boots && stage.current.length === 0;
  if (speaksOfNone && last?.answer === 'skipped') return skipped(verb, 'what it would be about was skipped');

  const outcome = await runVerb(stage, verb);
  if (!outcome.asWanted && verb.rest?.includes('ACTIVE') && !verb.boots) await setRight(stage);
  return outcome;
}

/** A verb that left its server elsewhere must not spoil the next ones: set it active, as an operator would. */
async function setRight(stage: Stage): Promise<void> {
  const [server] = await stage.servers();
  if (server === undefined || (server.status === 'ACTIVE' && server['OS-EXT-STS:task_state'] === null)) return;
  await stage.bed.rest.call('POST', `/servers/${server.id}/action`, { 'os-resetState': { state: 'active' } });
  await until(async () => (await stage.servers())[0]?.['OS-EXT-STS:task_state'] === null, SET_RIGHT_MS);
}
