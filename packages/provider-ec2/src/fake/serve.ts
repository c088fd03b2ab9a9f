import { integerOption, runCommand } from './command.js';
import { FakeEc2 } from './fake-ec2.js';
import { startFakeServer } from './http.js';

await runCommand({
  name: 'serve.js',
  about: 'A fake EC2 that speaks the Query protocol. It keeps everything in memory; its controls are under /_fake/.',
  options: {
    'delay-ms': { value: 'MS', help: 'how long pending, stopping and shutting-down last (default 20)' },
    'unseen-ms': { value: 'MS', help: 'how long a new instance is not found yet (default 0)' },
    'latency-ms': { value: 'MS', help: 'how long each call takes before it acts (default 0)' },
    buckets: { value: null, help: "throttle with AWS's published token buckets" },
  },
  start: (values) => {
    const delayMs = integerOption(values, 'delay-ms');
    const fake = new FakeEc2({
      ...(delayMs === undefined ? {} : { delays: delayMs }),
      lag: { unseenMs: integerOption(values, 'unseen-ms') ?? 0 },
      latencyMs: integerOption(values, 'latency-ms') ?? 0,
      buckets: values.buckets === true,
    });
    return startFakeServer({ fake, port: integerOption(values, 'port') ?? 0 });
  },
});
