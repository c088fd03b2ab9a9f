import { describe, expect, it } from '@jest/globals';
import { ec2Event, FakeEc2, FakeEventQueue, ManualClock, spotWarningEvent } from '../src/fake/index.js';
import { createEc2Provider, Ec2Error, parseEc2Options } from '../src/index.js';
import { silentLog } from '../src/log.js';
import type { EventsApi, QueuedEvent } from '../src/ports/events-api.js';
import { parseEvent } from '../src/watching/event-message.js';
import { Ec2Events } from '../src/watching/events.js';
import { aConfig } from './builders.js';

const ID = 'i-0123456789abcdef0';

const stateEvent = (state: string, id = ID) => ec2Event('EC2 Instance State-change Notification', id, { detail: { state } });

function aQueue() {
  const clock = new ManualClock();
  const queue = new FakeEventQueue(new FakeEc2(), { clock, longestWaitMs: 0 });
  return { clock, queue };
}

describe('an event of EC2', () => {
  it.each([
    ['running', 'running'],
    ['shutting-down', 'terminating'],
    ['terminated', 'terminated'],
    ['a state of next year', null],
  ])('that says %s is a change to %s', (said, state) => {
    expect(parseEvent(stateEvent(said)).change).toEqual({ providerId: ID, state, notice: null });
  });

  it('that warns of a spot interruption is a notice that says what happens when, the same for each delivery', () => {
    const body = spotWarningEvent(ID, 'stop');

    const { change } = parseEvent(body);

    expect(change).toMatchObject({ providerId: ID, state: null });
    expect(change?.notice?.text).toMatch(/^EC2 takes this spot server back: it is stopped two minutes after \d{4}-.*Z\.$/);
    expect(parseEvent(body).change?.notice?.id).toBe(change?.notice?.id);
  });

  it.each([
    ['no JSON', 'hello', null],
    ['no object', '7', null],
    [
      'a rebalance recommendation',
      ec2Event('EC2 Instance Rebalance Recommendation', ID),
      'EC2 Instance Rebalance Recommendation',
    ],
    ['no id of an instance', stateEvent('running', "i-1'; drop"), 'EC2 Instance State-change Notification'],
  ])('means nothing when it is %s', (_, body, type) => {
    expect(parseEvent(body)).toMatchObject({ type, change: null });
  });
});

describe('the events queue', () => {
  it('is taken empty in one go, up to a bound, and settled as a whole', async () => {
    const { queue } = aQueue();
    for (let at = 0; at < 25; at += 1) queue.put(stateEvent('running'));
    const events = new Ec2Events({ queue, log: silentLog, others: [] });

    const { changes, settle } = await events.changes();
    await settle();

    expect(changes).toHaveLength(25);
    expect(queue.size).toBe(0);
  });

  it('is rid of what means nothing too, which is said once and counted', async () => {
    const { queue } = aQueue();
    const said: object[] = [];
    const events = new Ec2Events({ queue, log: { ...silentLog, info: (_, facts) => said.push(facts) }, others: [] });
    for (let at = 0; at < 3; at += 1) queue.put(ec2Event('EC2 Instance Rebalance Recommendation', ID));

    const { changes, settle } = await events.changes();
    await settle();

    expect(changes).toEqual([]);
    expect(queue.size).toBe(0);
    expect(said).toEqual([{ kind: 'EC2 Instance Rebalance Recommendation', count: 1 }]);
  });

  it('names a machine of another account by its number, and one of any account that is not ours by its id alone', async () => {
    const { queue } = aQueue();
    for (const account of ['210987654321', '999999999999']) {
      queue.put(JSON.stringify({ ...(JSON.parse(stateEvent('stopped')) as object), account }));
    }
    const events = new Ec2Events({ queue, log: silentLog, others: ['210987654321'] });

    const { changes } = await events.changes();

    expect(changes.map(({ providerId }) => providerId).sort()).toEqual([ID, `${ID}@210987654321`]);
  });

  it('keeps what was not settled and gives it again after its visibility timeout', async () => {
    const { queue, clock } = aQueue();
    queue.put(stateEvent('stopped'));
    const events = new Ec2Events({ queue, log: silentLog, others: [] });

    await events.changes();
    expect((await events.changes()).changes).toEqual([]);
    clock.advance(30_000);

    expect((await events.changes()).changes).toHaveLength(1);
  });

  it('that fails after its first answer does not take that back', async () => {
    const full: QueuedEvent[] = Array.from({ length: 10 }, (_, at) => ({ body: stateEvent('running'), handle: String(at) }));
    let asked = 0;
    const queue: EventsApi = {
      async receive() {
        asked += 1;
        if (asked > 1) throw new Ec2Error('InternalError', 'try later', 500);
        return full;
      },
      async delete() {},
    };

    expect((await new Ec2Events({ queue, log: silentLog, others: [] }).changes()).changes).toHaveLength(10);
  });

  it('that refuses is told in the contract’s kinds', async () => {
    const receive = () => Promise.reject(new Ec2Error('AccessDenied', 'no', 403));
    const provider = createEc2Provider(aConfig({ api: new FakeEc2(), events: { receive, async delete() {} } }));

    await expect(provider.changes?.()).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it('is what the provider’s ability depends on', () => {
    const api = new FakeEc2();
    const withQueue = parseEc2Options({ region: 'us-east-1', events_queue_url: 'https://sqs.invalid/q' });

    expect(createEc2Provider(aConfig({ api })).changes).toBeUndefined();
    expect(createEc2Provider(aConfig({ api, ...withQueue })).changes).toBeDefined();
  });
});
