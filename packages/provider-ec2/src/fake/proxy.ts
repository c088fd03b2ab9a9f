import { integerOption, runCommand, UsageError } from './command.js';
import { startFaultProxy } from './fault-proxy.js';

await runCommand({
  name: 'proxy.js',
  about:
    'A proxy before an EC2 endpoint such as moto: client tokens, MaxCount, throttling, injected faults. Its controls are under /_proxy/.',
  options: {
    target: { value: 'URL', help: 'the endpoint behind it, such as http://127.0.0.1:5000' },
    buckets: { value: null, help: "throttle with AWS's published token buckets" },
  },
  start: (values) => {
    const { target } = values;
    if (typeof target !== 'string' || !URL.canParse(target)) throw new UsageError('--target wants the URL of an EC2 endpoint');
    return startFaultProxy({ target, port: integerOption(values, 'port') ?? 0, buckets: values.buckets === true });
  },
});
