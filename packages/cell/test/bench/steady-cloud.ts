import { FakeEc2, FakeEventQueue, publishedLimits, startFakeServer } from '@burstcell/provider-ec2/fake';

/** The cloud of the steady bench, in a process of its own: AWS's token buckets, but endless launches to fill it. */
const endless = { capacity: Number.MAX_SAFE_INTEGER, perSecond: Number.MAX_SAFE_INTEGER };
const fake = new FakeEc2({ buckets: { ...publishedLimits, RunInstances: { requests: endless } } });
const server = await startFakeServer({ fake, queue: new FakeEventQueue(fake) });

process.once('SIGTERM', () => process.exit(0));
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
