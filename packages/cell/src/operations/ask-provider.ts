import {
  type ConsoleConnection,
  type ConsoleType,
  type Diagnostics,
  kindOf,
  type Provider,
  ProviderError,
} from '@burstcell/provider';
import type { Store } from '@burstcell/store';
import { consoleTypesOf, type OwnConsoleType } from '../console/offers.js';
import type { Log } from '../log.js';
import { QUERY_PROVIDER_MS } from '../timings.js';

/** `unknown`: no such instance; `not-ready`: it has no machine yet; `unsupported`: not with this provider or machine; `away`: not now. */
export type NoAnswer = 'unknown' | 'not-ready' | 'unsupported' | 'away';
export type Asked<T> = { readonly value: T } | NoAnswer;

/** Questions about an instance that no row answers. They change nothing, end within the time a parent waits, and never reject for the provider's sake. */
export interface AskProvider {
  /** Types of console that the gateway has; empty where there is none, or the provider has consoles of its own. */
  readonly ownConsoleTypes: readonly string[];
  console(uuid: string): Promise<Asked<string>>;
  diagnostics(uuid: string): Promise<Asked<Diagnostics>>;
  connectConsole(uuid: string, type: string): Promise<Asked<ConsoleConnection>>;
  validateConsole(uuid: string, port: string, type: string): Promise<Asked<boolean>>;
}

const CONSOLE_TYPES: ReadonlySet<string> = new Set<ConsoleType>([
  'novnc',
  'xvpvnc',
  'spice-html5',
  'rdp-html5',
  'serial',
  'webmks',
]);

/** The gateway's answer where the provider hands out no URLs itself. */
export interface OwnConsoles {
  issue(uuid: string, type: OwnConsoleType): Promise<ConsoleConnection>;
  validate(uuid: string, port: string, type: string): Promise<boolean>;
}

export interface AskParts {
  readonly store: Store;
  readonly provider: Provider;
  readonly log: Log;
  /** Absent: there is no gateway. */
  readonly consoles?: OwnConsoles | undefined;
}

export function makeAskProvider({ store, provider, log, consoles }: AskParts): AskProvider {
  const ownTypes = consoles === undefined ? [] : consoleTypesOf(provider);
  const ownType = (type: string) => ownTypes.find((each) => each === type);

  /** `ask` undefined: the ability is absent. */
  async function about<T>(
    uuid: string,
    ask: ((providerId: string, signal: AbortSignal, state: string) => Promise<T>) | undefined,
  ): Promise<Asked<T>> {
    if (ask === undefined) return 'unsupported';
    const machine = (await store.providerInstances.of([uuid])).get(uuid);
    if (machine === undefined) return withoutMachine(store, uuid);
    try {
      return { value: await ask(machine.providerId, AbortSignal.timeout(QUERY_PROVIDER_MS), machine.state) };
    } catch (error) {
      log.warn({ uuid, providerId: machine.providerId, err: error }, 'the provider did not answer a question');
      return reasonOf(error);
    }
  }

  return {
    ownConsoleTypes: ownTypes,
    console: (uuid) =>
      about(uuid, provider.consoleOutput && (async (id, signal) => (await provider.consoleOutput?.(id, { signal }))?.text ?? '')),
    diagnostics: (uuid) =>
      about(uuid, provider.diagnostics && ((id, signal) => required(provider.diagnostics?.(id, { signal })))),
    connectConsole: (uuid, type) => {
      const own = ownType(type);
      if (own !== undefined && consoles !== undefined)
        return about(uuid, (_id, _signal, state) => connectOwn(consoles, { uuid, type: own, state }));
      const ask = provider.connectConsole && CONSOLE_TYPES.has(type);
      return about(
        uuid,
        ask ? (id, signal) => required(provider.connectConsole?.(id, type as ConsoleType, { signal })) : undefined,
      );
    },
    validateConsole: (uuid, port, type) => {
      if (consoles !== undefined && ownType(type) !== undefined) return about(uuid, () => consoles.validate(uuid, port, type));
      return about(
        uuid,
        provider.validateConsole && ((id, signal) => required(provider.validateConsole?.(id, port, type, { signal }))),
      );
    },
  };
}

/** A paused machine says nothing, but there is still something to see. */
const HAS_CONSOLE: Readonly<Record<OwnConsoleType, readonly string[]>> = { serial: ['running'], novnc: ['running', 'paused'] };

async function connectOwn(
  consoles: OwnConsoles,
  { uuid, type, state }: { readonly uuid: string; readonly type: OwnConsoleType; readonly state: string },
): Promise<ConsoleConnection> {
  if (!HAS_CONSOLE[type].includes(state)) throw new ProviderError('conflict', `a machine that is ${state} has no console`);
  return consoles.issue(uuid, type);
}

function required<T>(answer: Promise<T> | undefined): Promise<T> {
  return answer ?? Promise.reject(new Error('the ability went away'));
}

function reasonOf(error: unknown): NoAnswer {
  const kind = kindOf(error);
  if (kind === 'not-found') return 'unknown';
  return kind === 'unsupported' ? 'unsupported' : kind === 'conflict' ? 'not-ready' : 'away';
}

async function withoutMachine(store: Store, uuid: string): Promise<NoAnswer> {
  const known = (await store.instances.views([uuid])).get(uuid);
  return known === undefined || known.deleted !== 0 ? 'unknown' : 'not-ready';
}
