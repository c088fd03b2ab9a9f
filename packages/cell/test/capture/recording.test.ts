import { describe, expect, it } from '@jest/globals';
import {
  headerLine,
  messageLine,
  parseRecording,
  type RecordedMessage,
  type RecordingHeader,
} from '../../src/cli/capture/recording.js';

const header: RecordingHeader = {
  startedAt: '2026-01-01T00:00:00.000Z',
  cell: 'ec2',
  release: 'rocky',
  brokers: [
    { cell: 'ec2', side: 'own', exchange: 'nova', queueBase: 'cells.intercell', addresses: ['10.0.0.1:5672/ec2'] },
    { cell: 'api', side: 'parent', exchange: 'nova', queueBase: 'cells.intercell', addresses: ['10.0.0.2:5672//'] },
  ],
};
const message: RecordedMessage = {
  atMs: 12,
  broker: 'ec2',
  exchange: 'nova',
  routingKey: 'cells.intercell.targeted',
  properties: { contentType: 'application/json' },
  body: '{}',
  bytes: 2,
};
const unread: RecordedMessage = { ...message, body: null, unreadable: 'it does not end' };

const file = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

describe('a recording', () => {
  it('reads as it was written', () => {
    const text = file(headerLine(header), messageLine(message), messageLine(unread));

    expect(parseRecording(text)).toEqual({ header, messages: [message, unread] });
  });

  it('reads up to a last line that its writer died in', () => {
    const text = `${file(headerLine(header), messageLine(message))}${messageLine(message).slice(0, 40)}`;

    expect(parseRecording(text).messages).toEqual([message]);
  });

  it.each([
    ['an empty file', ''],
    ['something else', file('{"a":1}')],
    ['a later form', file(headerLine(header).replace('"version":1', '"version":2'))],
    ['no JSON within', file(headerLine(header), 'hello')],
    ['a line that is no message', file(headerLine(header), '{"atMs":1}')],
  ])('is refused with its line: %s', (_what, text) => {
    expect(() => parseRecording(text)).toThrow(/^line \d+ of the recording cannot be read: /);
  });
});
