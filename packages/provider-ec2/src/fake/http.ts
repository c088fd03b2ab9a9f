import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AdminRoutes, injectionIn, limitIn, numberIn, oneOf, optionalStringIn, serveAdmin, stringIn } from './admin.js';
import { sendError } from './error-answer.js';
import type { FakeEventQueue } from './event-queue.js';
import type { FakeEc2 } from './fake-ec2.js';
import { isSqs, serveSqs } from './http-events.js';
import { type ListeningServer, listen, readText, send } from './http-kit.js';
import { Query } from './query.js';
import { answerAction } from './query-actions.js';
import { toXml } from './xml.js';

const ADMIN_PREFIX = '/_fake/';

/**
 * The fake as an HTTP endpoint that speaks EC2's Query protocol, for any EC2 client, and SQS's where there is a queue.
 * Signatures are not looked at. Under `/_fake/` are the controls, as JSON:
 * `GET snapshot|counts|calls|volumes`, `POST inject|clear-injections|room|quota|latency|stop|terminate|console|volume|clear-calls|reset`,
 * and with a queue `GET queue`, `POST clear-queue`.
 */
export function startFakeServer({
  fake,
  queue,
  port = 0,
}: {
  readonly fake: FakeEc2;
  readonly queue?: FakeEventQueue;
  readonly port?: number;
}): Promise<ListeningServer> {
  const routes = { ...adminRoutes(fake), ...(queue && queueRoutes(queue)) };
  return listen((request, response) => {
    const isAdmin = request.url?.startsWith(ADMIN_PREFIX);
    const serve = () => (queue && isSqs(request) ? serveSqs(queue, request, response) : serveEc2(fake, request, response));
    const done = isAdmin ? serveAdmin(routes, request, response) : serve();
    done.catch((error: unknown) => sendError(response, error));
  }, port);
}

async function serveEc2(fake: FakeEc2, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const query = Query.parse(await readText(request));
  const answer = await answerAction(fake, query);
  const body = toXml(`${query.get('Action')}Response`, { requestId: randomUUID(), ...answer });
  send(response, 200, 'text/xml;charset=UTF-8', body);
}

const MARKETS = ['on-demand', 'spot'] as const;

function adminRoutes(fake: FakeEc2): AdminRoutes {
  return {
    'GET snapshot': () => fake.snapshot(),
    'GET counts': () => fake.counts(),
    'GET calls': () => fake.calls(),
    'POST inject': (body) => fake.inject(injectionIn(body)),
    'POST clear-injections': () => fake.clearInjections(),
    'POST room': (body) => {
      const room = { zone: optionalStringIn(body, 'zone'), instanceType: optionalStringIn(body, 'instanceType') };
      fake.setRoom(withoutUndefined({ ...room, market: oneOf(body, 'market', MARKETS) }), limitIn(body, 'free'));
    },
    'POST quota': (body) => {
      const quota = { market: oneOf(body, 'market', MARKETS), family: optionalStringIn(body, 'family') };
      fake.setQuota(withoutUndefined(quota), limitIn(body, 'vcpus'));
    },
    'POST latency': (body) => fake.setLatency(numberIn(body, 'ms')),
    'POST stop': (body) => fake.stopOutside(stringIn(body, 'instanceId')),
    'POST terminate': (body) => fake.terminateOutside(stringIn(body, 'instanceId'), oneOf(body, 'by', ['user', 'spot'])),
    'POST console': (body) => fake.setConsole(stringIn(body, 'instanceId'), stringIn(body, 'text')),
    'POST volume': (body) => ({ volumeId: fake.addVolume({ zone: stringIn(body, 'zone'), sizeGb: numberIn(body, 'sizeGb') }) }),
    'GET volumes': () => fake.volumes(),
    'POST clear-calls': () => fake.clearCalls(),
    'POST reset': () => fake.reset(),
  };
}

function queueRoutes(queue: FakeEventQueue): AdminRoutes {
  return {
    'GET queue': () => ({ size: queue.size, requests: queue.requests }),
    'POST clear-queue': () => queue.clear(),
  };
}

function withoutUndefined<T extends object>(value: T): { [key in keyof T]?: Exclude<T[key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as {
    [key in keyof T]?: Exclude<T[key], undefined>;
  };
}
