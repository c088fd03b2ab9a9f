import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { capture } from '../../../src/cli/capture/capture.js';
import { interCellIn, parseRecording } from '../../../src/cli/capture/recording.js';
import { type ReplayOptions, replay } from '../../../src/cli/capture/replay.js';
import type { CliContext } from '../../../src/cli/cli-context.js';
import { database } from '../../../src/cli/database.js';
import { loadConfig } from '../../../src/config/config.js';
import { Stage } from '../../support/stage.js';

const START_MS = 60_000;
const RUN_MS = 90_000;
const INI = { burst: { provider: 'simulator', settle_ms: 500, update_gap_ms: 100 }, simulator: { boot_delay_ms: 200 } };
const FAST: ReplayOptions = { speed: 0, quietMs: 4_000, force: false };

/** What the commands said to their operator. */
const said: string[] = [];
const context = {
  print: (line: string) => void said.push(line),
  complain: (line: string) => void said.push(line),
  database,
} as unknown as CliContext;

const configOf = (stage: Stage) => loadConfig([stage.cell.configFile], []);

describe('a capture of a living cell', () => {
  const stages: Stage[] = [];
  let live: Stage;
  let file = '';
  let uuid = '';

  const scratch = async (): Promise<Stage> => {
    const stage = await Stage.up({ name: 'scratch', release: 'rocky', ini: INI });
    stages.push(stage);
    return stage;
  };

  beforeAll(async () => {
    live = await Stage.up({ name: 'captured', release: 'rocky', ini: INI });
    stages.push(live);
    file = join(live.folder, 'recording.jsonl');
    uuid = await recorded(live, file);
  }, START_MS);

  afterAll(async () => {
    for (const stage of stages) await stage.end();
  }, START_MS);

  it('took no message from the cell or its parent', async () => {
    // An update that the parent stored out of order is put right by the last word, said once more.
    await live.parent.waitForState(uuid, 'stopped');
    expect(live.parent.violations).toEqual([]);
  });

  it('holds what went down and what came up, each with its time and broker', () => {
    const { header, messages } = parseRecording(readFileSync(file, 'utf8'));
    const methods = (cell: string) =>
      messages.filter(({ broker }) => broker === cell).map((message) => interCellIn(message)?.methodName);

    expect(header).toMatchObject({ cell: 'ec2', release: 'rocky' });
    expect(methods('ec2')).toEqual(expect.arrayContaining(['build_instances', 'stop_instance', 'actions_get']));
    expect(methods('api')).toEqual(expect.arrayContaining(['instance_update_at_top', 'parse_responses']));
    expect(messages.filter(({ exchange }) => exchange.endsWith('_fanout'))).not.toEqual([]);
    expect(messages.map(({ atMs }) => atMs)).toEqual(messages.map(({ atMs }) => atMs).sort((a, b) => a - b));
  });

  it('holds no secret, and is for its owner alone', () => {
    const text = readFileSync(file, 'utf8');

    expect(text).not.toContain('hunter2');
    expect(text).not.toMatch(/guest:guest/);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('does not overwrite a file', async () => {
    const again = capture(configOf(live), context, { out: file, signal: AbortSignal.abort() });

    await expect(again).rejects.toThrow(/it exists$/);
  });

  it('is not replayed where it was made, nor into a cell that has servers', async () => {
    const recording = parseRecording(readFileSync(file, 'utf8'));

    await expect(replay(recording, configOf(live), { context, options: FAST })).rejects.toThrow(
      /is where the recording was made$/,
    );
    const elsewhere = {
      ...recording,
      header: { ...recording.header, brokers: recording.header.brokers.map((broker) => ({ ...broker, addresses: [] })) },
    };
    await expect(replay(elsewhere, configOf(live), { context, options: FAST })).rejects.toThrow(/living instances/);
  });

  it(
    'is replayed into a scratch cell, which tells its parent the same',
    async () => {
      const stage = await scratch();
      const recording = parseRecording(readFileSync(file, 'utf8'));

      const { sent, rows, differences, cameUp } = await replay(recording, configOf(stage), {
        context,
        options: { ...FAST, speed: 1 },
      });

      expect(differences).toEqual([]);
      expect(sent).toBeGreaterThanOrEqual(3);
      expect(cameUp).toBeGreaterThan(0);
      expect(rows).toContainEqual({ about: uuid, before: 'stopped', after: 'stopped', differences: [] });
      expect(rows).toContainEqual({ about: 'actions_get', before: 'a value', after: 'a value', differences: [] });
    },
    RUN_MS,
  );

  it(
    'shows in what another cell differs',
    async () => {
      const stage = await Stage.up({ name: 'full', release: 'rocky', ini: { ...INI, simulator: { room: 0 } } });
      stages.push(stage);
      const recording = parseRecording(readFileSync(file, 'utf8'));

      const { rows } = await replay(recording, configOf(stage), { context, options: { ...FAST, speed: 1 } });

      const row = rows.find(({ about }) => about === uuid);
      expect(row?.before).toBe('stopped');
      expect(row?.after).toMatch(/^error; fault: /);
      expect(row?.differences).toContain('vm_state: error');
    },
    RUN_MS,
  );

  it(
    'says so when the scratch cell does not run',
    async () => {
      const stage = await Stage.set({ name: 'asleep', release: 'rocky', ini: INI });
      stages.push(stage);
      const recording = parseRecording(readFileSync(file, 'utf8'));

      await expect(replay(recording, configOf(stage), { context, options: { ...FAST, awakeMs: 2_000 } })).rejects.toThrow(
        /does not answer$/,
      );
    },
    RUN_MS,
  );
});

/** A server is booted with a secret, stopped and asked about while we listen. Answers its uuid. */
async function recorded(stage: Stage, out: string): Promise<string> {
  const ending = new AbortController();
  let captured: Promise<number> = Promise.resolve(0);
  await new Promise<void>((resolve, reject) => {
    const complain = (line: string) => void (line.startsWith('listening') && resolve());
    captured = capture(configOf(stage), { ...context, complain }, { out, signal: ending.signal });
    captured.catch(reject);
  });
  const { parent } = stage;
  const [uuid = ''] = await parent.api.boot({ name: 'puzzle', userData: 'hunter2' });
  await parent.waitForState(uuid, 'active');
  await parent.api.stopAndWait(uuid);
  await parent.admin.actions(uuid);
  ending.abort();
  await captured;
  return uuid;
}
