import { setTimeout as pause } from 'node:timers/promises';
import type { RestAnswer } from './rest.js';
import type { Action, Stage } from './stage.js';
import { IDLE_MS, REFUSED_RESTS_MS, REST_HOLDS_MS, VERB_RESTS_MS } from './timings.js';
import { asJudged, type Preparation, type Seen, type Verb } from './verb.js';
import { until } from './wait.js';

/** A line of the table. Seconds count from the command's start. */
export interface Outcome {
  verb: string;
  issue: 'A' | 'B';
  asWanted: boolean;
  /** 'ok', 'refused (…)' with the CLI's or HTTP status, or 'skipped'. */
  answer: string;
  /** Where the servers stood at the end, '-' for a query. */
  state: string;
  answeredSeconds: number;
  settledSeconds: number;
  note: string;
}

interface Answer {
  ok: boolean;
  status: number;
  text: string;
  body: Record<string, unknown>;
}

/** Asks, waits until the servers rest as wanted or patience ends, and judges. Never throws for what the cells do. */
export async function runVerb(stage: Stage, given: Verb): Promise<Outcome> {
  const verb = asJudged(given, { cloud: stage.child.cloud, release: stage.bed.release });
  if (verb.before !== undefined && !(await prepare(stage, verb.before))) {
    if (verb.boots) stage.current = [];
    return skipped(verb, `"${verb.before}" cannot be brought about at ${stage.child.label}`);
  }
  if (verb.boots) stage.nextName();
  const actionBefore = verb.boots ? undefined : await stage.lastAction();
  const began = Date.now();
  const answer = await askParent(stage, verb);
  const answeredSeconds = (Date.now() - began) / 1000;
  if (verb.boots) await stage.adoptServers();

  const wrong = await settle(stage, verb, answer);
  const settledSeconds = (Date.now() - began) / 1000;
  const complaint = wrong ?? wrongAnswer(verb, answer) ?? (await wrongAction(stage, verb, actionBefore));
  const asWanted = complaint === undefined;
  return {
    ...{ verb: verb.name, issue: verb.issue, asWanted, answeredSeconds, settledSeconds },
    answer: answer.ok ? 'ok' : `refused (${answer.status})`,
    state: verb.rest === undefined ? '-' : await whereNow(stage),
    note: asWanted ? await goodNote(stage, verb) : noteOf(answer, complaint),
  };
}

/** Whether the parent's answer is the right one; the words of an error are in the note anyway. */
function wrongAnswer({ refused, rest }: Verb, { ok }: Answer): string | undefined {
  if (refused?.maybe) return undefined;
  const wantsError = refused !== undefined && (refused.by === 'parent' || rest === undefined);
  if (wantsError) return ok ? `not refused, though ${refused.why}` : undefined;
  return ok ? undefined : 'refused';
}

/** A verb that the cell refused leaves its server as it was: its action's record tells, and has to tell why. */
async function wrongAction(stage: Stage, verb: Verb, before: Action | undefined): Promise<string | undefined> {
  if (verb.boots || verb.rest === undefined || verb.rest.includes('GONE')) return undefined;
  const last = await stage.lastAction();
  const message = last === undefined || last.request_id === before?.request_id ? null : last.message;
  if (verb.refused?.by !== 'cell') return message ? `the action ${last?.action} says: ${message}` : undefined;
  if (!message) return 'no action says that it was refused';
  return saysWhy(message) ? undefined : `the action ${last?.action} says only: ${message}`;
}

/** nova's own word for any failure is "Error", which says nothing. */
function saysWhy(message: string): boolean {
  return message.replace(/^Error:?/, '').trim().length > 0 && !message.includes('Traceback');
}

export function skipped(verb: Verb, reason: string): Outcome {
  const never = { asWanted: false, state: '-', answeredSeconds: 0, settledSeconds: 0 };
  return { verb: verb.name, issue: verb.issue, answer: 'skipped', note: reason, ...never };
}

async function askParent(stage: Stage, verb: Verb): Promise<Answer> {
  const ask = await stage.fill(verb.ask);
  if ('cli' in ask) {
    const { status, output } = await stage.bed.cli.run(ask.cli);
    return { ok: status === 0, status, text: output, body: {} };
  }
  const answer: RestAnswer = await stage.bed.rest.call(...ask.rest);
  return { ok: answer.status >= 200 && answer.status < 300, status: answer.status, text: answer.text, body: answer.body };
}

/** Undefined when all is as wanted; else what is not, at the end of patience. */
async function settle(stage: Stage, verb: Verb, answer: Answer): Promise<string | undefined> {
  const look = async (): Promise<string | undefined> => judge(verb, await stage.seen(answer.text, answer.body));
  if (verb.rest === undefined) return look();

  const patienceMs = answer.ok || verb.refused !== undefined ? VERB_RESTS_MS : REFUSED_RESTS_MS;
  const isIdle = idleWatch(stage);
  const rests = await until(
    async () => ((await look()) === undefined ? 'as wanted' : (await isIdle()) && 'elsewhere'),
    patienceMs,
  );
  if (rests === 'as wanted') await pause(REST_HOLDS_MS);
  return look();
}

/** True once no server has had a task for a while: the child has ended the verb, and nothing more is to come. */
function idleWatch(stage: Stage): () => Promise<boolean> {
  let idleSince: number | undefined;
  return async () => {
    const servers = await stage.servers();
    const isIdle =
      servers.length > 0 && servers.every((server) => server['OS-EXT-STS:task_state'] === null && server.status !== 'BUILD');
    idleSince = isIdle ? (idleSince ?? Date.now()) : undefined;
    return idleSince !== undefined && Date.now() - idleSince > IDLE_MS;
  };
}

function judge(verb: Verb, seen: Seen): string | undefined {
  const wrong = verb.rest === undefined ? undefined : wrongState(verb.rest, seen);
  return wrong ?? verb.check?.(seen);
}

function wrongState(wanted: string[], { servers }: Seen): string | undefined {
  if (wanted.includes('GONE')) return servers.length === 0 ? undefined : 'still there';
  if (servers.length === 0) return 'no server';
  const other = servers.find((server) => !wanted.includes(server.status) || server['OS-EXT-STS:task_state'] !== null);
  return other && `stands at ${other.status}, task ${other['OS-EXT-STS:task_state']}`;
}

async function whereNow(stage: Stage): Promise<string> {
  const servers = await stage.servers();
  const states = servers.map((server) => {
    const task = server['OS-EXT-STS:task_state'];
    return task === null ? server.status : `${server.status} (${task})`;
  });
  return states.length === 0 ? 'GONE' : [...new Set(states)].join(', ');
}

/** A build that rightly failed says why, as does a refusal. */
async function goodNote(stage: Stage, verb: Verb): Promise<string> {
  if (verb.refused !== undefined) return `${verb.refused.by} refuses: ${verb.refused.why}`;
  if (!verb.rest?.includes('ERROR') || !verb.boots) return '';
  return (await stage.servers())[0]?.fault?.message ?? '';
}

function noteOf(answer: Answer, complaint: string | undefined): string {
  const text = answer.ok ? '' : answer.text.replace(/\s+/g, ' ').trim();
  return [complaint, text].filter(Boolean).join('; ').slice(0, 600);
}

async function prepare(stage: Stage, preparation: Preparation): Promise<boolean> {
  switch (preparation) {
    case 'no room':
      return stage.child.refuseLaunches('InsufficientInstanceCapacity');
    case 'no quota':
      return stage.child.refuseLaunches('VcpuLimitExceeded');
    case 'room again':
      return (await stage.child.refuseLaunches(null)) || true;
    case 'first of three':
      stage.current = stage.current.slice(0, 1);
      return stage.current.length === 1;
    default:
      return preparation satisfies never;
  }
}
