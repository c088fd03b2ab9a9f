import { describe, expect, it } from '@jest/globals';
import { lettersOf, lettersTo } from '../../src/cli/capture/letters.js';
import { interCellIn } from '../../src/cli/capture/recording.js';
import { recordingOf } from '../captured/recordings.js';

const recording = recordingOf('rocky');
const down = recording.messages.filter(({ broker }) => broker === 'child');
const names = { cell: 'scratch', parent: 'top', exchange: 'trial', queueBase: 'trial.cells' };

describe('letters to a scratch cell', () => {
  it('are what the parent sent, in its order and at its pace', () => {
    const letters = lettersTo(recording, { cell: 'child', parent: 'api', exchange: 'nova', queueBase: 'cells.intercell' });

    expect(letters.map(({ body }) => body.toString())).toEqual(down.map(({ body }) => body));
    expect(letters.map(({ atMs }) => atMs)).toEqual(down.map(({ atMs }) => atMs));
  });

  it('go to the names the scratch cell listens at', () => {
    const routes = lettersTo(recording, names).map(({ exchange, routingKey }) => `${exchange} ${routingKey}`);

    expect(new Set(routes)).toEqual(new Set(['trial trial.cells.targeted', 'trial trial.cells.broadcast']));
  });

  it('bear its names on their way there and back, and are the same otherwise', () => {
    const letters = lettersTo(recording, names);
    const messages = letters.map(({ body }) => interCellIn({ body: body.toString() }));

    for (const [index, message] of messages.entries()) {
      const before = interCellIn({ body: down[index]?.body ?? null });
      const paths = { routingPath: 'top', ...(before?.targetCell === undefined ? {} : { targetCell: 'top!scratch' }) };
      expect(message).toEqual({ ...before, ...paths });
    }
  });

  it('of another exchange are sent as they were', () => {
    const other = {
      ...recording,
      messages: [{ ...(down[0] as (typeof down)[number]), exchange: 'compute', routingKey: 'host' }],
    };

    expect(lettersOf(other, ['compute'])).toMatchObject([{ exchange: 'compute', routingKey: 'host', message: null }]);
    expect(lettersOf(other, ['nova'])).toEqual([]);
  });
});
