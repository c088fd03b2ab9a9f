import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeEc2, FakeEventQueue, startFakeServer } from '../src/fake/index.js';
import { parseEc2Options, probeEventsQueue } from '../src/index.js';

let close: () => Promise<void> = async () => {};

afterEach(() => close());

const settings = (events_queue_url?: string) =>
  parseEc2Options({
    ...{ region: 'us-east-1', access_key_id: 'k', secret_access_key: 's' },
    ...(events_queue_url === undefined ? {} : { events_queue_url }),
  });

/** SQS that refuses whatever it is asked. */
async function aRefusal(code: string): Promise<string> {
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message: 'no' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = async () => void server.close();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/1/burstcell-ec2`;
}

describe('a look at the events queue', () => {
  it('finds none where none is configured', async () => {
    expect(await probeEventsQueue(settings())).toBe(false);
  });

  it('leaves what is in it to the cells', async () => {
    const fake = new FakeEc2();
    const queue = new FakeEventQueue(fake);
    const server = await startFakeServer({ fake, queue });
    close = () => server.close();
    queue.put('{}');

    expect(await probeEventsQueue(settings(`${server.url}/queue`))).toBe(true);

    expect(await queue.receive(0)).toHaveLength(1);
  });

  it.each([
    ['QueueDoesNotExist', /^there is no queue http/, /events\.yaml/],
    ['AccessDeniedException', /may not be read \(AccessDenied/, /burstcell-ec2-events\.json/],
    ['InternalFailure', /did not answer \(InternalFailure/, /the way there/],
  ])('says what to do about %s', async (code, message, remedy) => {
    await expect(probeEventsQueue(settings(await aRefusal(code)))).rejects.toMatchObject({
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  });

  it('says that nobody is there', async () => {
    await expect(probeEventsQueue(settings('http://127.0.0.1:1/queue'))).rejects.toMatchObject({
      message: expect.stringContaining('did not answer'),
    });
  });
});
