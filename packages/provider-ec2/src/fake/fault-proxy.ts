import type { IncomingMessage, ServerResponse } from 'node:http';
import { Ec2Error } from '../ports/ec2-api.js';
import { type AdminRoutes, injectionIn, numberIn, serveAdmin } from './admin.js';
import type { CallCounts, LoggedCall } from './call-log.js';
import { systemClock } from './clock.js';
import { sendError } from './error-answer.js';
import { Gate, type GateCall } from './gate.js';
import { type ListeningServer, listen, readText, send } from './http-kit.js';
import type { Injection } from './injections.js';
import { Endpoint, type EndpointAnswer } from './proxy-forward.js';
import { ProxyTokens, type SendForm } from './proxy-tokens.js';
import { Query } from './query.js';
import { type ActionLimit, publishedLimits, Throttle } from './throttle.js';

const ADMIN_PREFIX = '/_proxy/';

export interface FaultProxyOptions {
  /** The EC2 endpoint behind it, such as moto's. */
  readonly target: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** `true`: AWS's published token buckets; or one's own by action. Default: no throttling. */
  readonly buckets?: boolean | Readonly<Record<string, ActionLimit>>;
}

/** A proxy that runs. `close` ends it and leaves the endpoint alone. */
export interface FaultProxy extends ListeningServer {
  inject(injection: Injection): void;
  clearInjections(): void;
  /** From now on every call takes so long before it acts. */
  setLatency(ms: number): void;
  calls(): readonly LoggedCall[];
  counts(): CallCounts;
  clearCalls(): void;
  /** Forgets tokens, injections, latency and counts; the endpoint keeps its machines. */
  reset(): void;
}

/**
 * Stands before an EC2 endpoint that is simpler than EC2 (moto) and adds what it lacks:
 * client tokens, MaxCount, throttling; and what a test wants: failures before and after
 * the effect, latency, counts. Requests that are no Query calls pass as they are.
 * Under `/_proxy/`, as JSON: `GET counts|calls`, `POST inject|clear-injections|latency|clear-calls|reset`.
 */
export async function startFaultProxy({ target, port = 0, buckets = false }: FaultProxyOptions): Promise<FaultProxy> {
  const limits = buckets === true ? publishedLimits : buckets;
  const gate = new Gate({ clock: systemClock, throttle: limits === false ? undefined : new Throttle(systemClock, limits) });
  const parts: Parts = { gate, tokens: new ProxyTokens(), endpoint: new Endpoint(target) };
  const controls = controlsOf(parts);
  const routes = adminRoutes(controls);
  const server = await listen((request, response) => {
    serve(parts, routes, { request, response }).catch((error: unknown) => answerError(response, error));
  }, port);
  return { ...server, ...controls, close: () => server.close().finally(() => parts.endpoint.close()) };
}

interface Parts {
  readonly gate: Gate;
  readonly tokens: ProxyTokens;
  readonly endpoint: Endpoint;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve(parts: Parts, routes: AdminRoutes, { request, response }: Exchange): Promise<void> {
  if (request.url?.startsWith(ADMIN_PREFIX)) return serveAdmin(routes, request, response);
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return parts.endpoint.pass(request, response);

  const query = Query.parse(await readText(request));
  // Not ended by the caller's going: at AWS too a call that has arrived takes effect.
  const { status, contentType, body } = await parts.gate.pass(describeCall(query), () => relay(parts, query, request));
  send(response, status, contentType, body);
}

/** An error of the endpoint on its way through the gate, which counts it by its code. */
class RelayedError extends Ec2Error {
  constructor(readonly answer: EndpointAnswer) {
    super(/<Code>([^<]+)<\/Code>/.exec(answer.body)?.[1] ?? `HTTP ${answer.status}`, 'answered by the endpoint', answer.status);
  }
}

async function relay({ tokens, endpoint }: Parts, query: Query, { headers }: IncomingMessage): Promise<EndpointAnswer> {
  const sendForm: SendForm = (form) => endpoint.post(form.toString(), headers);
  const isLaunch = query.get('Action') === 'RunInstances';
  const answer = await (isLaunch
    ? tokens.launch(query, regionOf(headers.authorization), sendForm)
    : sendForm(withoutSnapshotTags(query, tokens.rewriteFilter(query))));
  if (answer.status >= 400) throw new RelayedError(answer);
  return answer;
}

/** moto answers tags for the snapshots of an image with 500: they stay out, the image's own go in. */
function withoutSnapshotTags(query: Query, form: URLSearchParams): URLSearchParams {
  if (query.get('Action') !== 'CreateImage') return form;
  query.structures('TagSpecification').forEach((specification, index) => {
    if (specification.get('ResourceType') !== 'snapshot') return;
    for (const name of [...form.keys()]) if (name.startsWith(`TagSpecification.${index + 1}.`)) form.delete(name);
  });
  return form;
}

/** A signature names its region (AWS: Signature Version 4, credential scope). */
function regionOf(authorization: string | undefined): string {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization ?? '')?.[1] ?? 'us-east-1';
}

function answerError(response: ServerResponse, error: unknown): void {
  if (!(error instanceof RelayedError)) {
    sendError(response, error);
    return;
  }
  const { status, contentType, body } = error.answer;
  send(response, status, contentType, body);
}

function describeCall(query: Query): GateCall {
  const action = query.get('Action') ?? 'unknown';
  const ids = query.list('InstanceId').length;
  const isBounded = ids > 0 || query.get('MaxResults') !== undefined || query.structures('Filter').length > 0;
  return {
    action,
    instances: action === 'RunInstances' ? Number(query.get('MaxCount') ?? 1) : ids,
    isUnbounded: action === 'DescribeInstances' && !isBounded,
  };
}

type Controls = Omit<FaultProxy, keyof ListeningServer>;

function controlsOf({ gate, tokens }: Parts): Controls {
  const setLatency = (ms: number) => {
    gate.latencyMs = ms;
  };
  return {
    setLatency,
    inject: (injection) => gate.injections.add(injection),
    clearInjections: () => gate.injections.clear(),
    calls: () => gate.log.calls(),
    counts: () => gate.log.counts(),
    clearCalls: () => gate.log.clear(),
    reset() {
      tokens.clear();
      gate.injections.clear();
      gate.log.clear();
      setLatency(0);
    },
  };
}

function adminRoutes(controls: Controls): AdminRoutes {
  return {
    'GET counts': () => controls.counts(),
    'GET calls': () => controls.calls(),
    'POST inject': (body) => controls.inject(injectionIn(body)),
    'POST clear-injections': () => controls.clearInjections(),
    'POST latency': (body) => controls.setLatency(numberIn(body, 'ms')),
    'POST clear-calls': () => controls.clearCalls(),
    'POST reset': () => controls.reset(),
  };
}
