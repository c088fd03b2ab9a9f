import type { JsonObject } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { runComputeApiMethod } from '../../src/fronts/cells-v1/handlers/compute-api.js';
import type { HandlerTools } from '../../src/fronts/cells-v1/handlers/handler.js';
import { instanceUpdateFromApi } from '../../src/fronts/cells-v1/handlers/instance-update-from-api.js';
import { CAPTURED, capturedDown } from './captured.js';
import { anIncoming, someTools } from './tools.js';

const UUID = '11111111-1111-4111-8111-111111111111';

async function writesOf(method: string, method_kwargs: JsonObject = {}) {
  const args = { method_info: { method, method_args: [UUID], method_kwargs } };
  const outcome = await runComputeApiMethod.handle(anIncoming('run_compute_api_method', args), someTools('grizzly'));
  if (outcome === 'nothing') return [];
  if (!('submit' in outcome)) throw new Error(`no submission: ${JSON.stringify(outcome)}`);
  expect(outcome.submit.intents).toEqual([]);
  return outcome.submit.writes ?? [];
}

describe('update of the compute API (Grizzly to Icehouse)', () => {
  it('is a rename when it names a name', async () => {
    expect(await writesOf('update', { display_name: 'new' })).toEqual([
      { write: 'patch-instance', uuid: UUID, set: { display_name: 'new' } },
    ]);
  });

  it('is reset-state when it names vm_state: the row takes both states, and what it was doing ends', async () => {
    const writes = await writesOf('update', { vm_state: 'error', task_state: null });

    expect(writes).toEqual([
      { write: 'patch-instance', uuid: UUID, set: { vm_state: 'error', task_state: null } },
      expect.objectContaining({
        write: 'cancel-operations',
        uuid: UUID,
        exceptVerbs: expect.arrayContaining(['build', 'delete']),
      }),
    ]);
  });

  it('changes nothing of the row before a verb, but sees to it that the task state it left at the parent is lifted', async () => {
    const writes = await writesOf('update', { expected_task_state: null, progress: 0 });

    expect(writes).toEqual([expect.objectContaining({ write: 'report', uuid: UUID, what: 'state' })]);
    expect(writes[0]).toMatchObject({ delayMs: expect.any(Number) });
    expect((writes[0] as { delayMs: number }).delayMs).toBeGreaterThanOrEqual(5_000);
  });

  it('leaves the image to the rebuild that follows', async () => {
    const writes = await writesOf('update', { image_ref: 'other', kernel_id: '', display_name: 'rebuilt', progress: 0 });

    expect(writes).toEqual([{ write: 'patch-instance', uuid: UUID, set: { display_name: 'rebuilt' } }]);
  });

  it('of columns that are none is ignored', async () => {
    expect(await writesOf('update', { nonsense: 1, project_id: 'another' })).toEqual([]);
  });
});

describe('lock and unlock as verbs (Grizzly to Icehouse)', () => {
  it('are reported, since only the child’s word unlocks at the parent', async () => {
    const locked = await writesOf('lock');
    const unlocked = await writesOf('unlock');

    expect(locked).toEqual([
      { write: 'patch-instance', uuid: UUID, set: { locked: true } },
      expect.objectContaining({ write: 'report', what: 'state', delayMs: 0 }),
    ]);
    expect(unlocked).toEqual([
      { write: 'patch-instance', uuid: UUID, set: { locked: false, locked_by: null } },
      expect.objectContaining({ write: 'report', what: 'state', delayMs: 0 }),
    ]);
  });
});

describe('a lock at a provider that guards locked machines', () => {
  const views = async () => new Map([[UUID, {}]]);
  const tools = { ...someTools('grizzly'), protects: true, store: { instances: { views } } } as unknown as HandlerTools;
  const call = (method: string) => {
    const args = { method_info: { method, method_args: [UUID], method_kwargs: {} } };
    return runComputeApiMethod.handle(anIncoming('run_compute_api_method', args), tools);
  };

  it.each(['lock', 'unlock'])('is followed by an operation on %s, and told at once nevertheless', async (method) => {
    expect(await call(method)).toMatchObject({
      submit: { intents: [{ verb: 'protect', uuid: UUID }], writes: [{ write: 'patch-instance' }, { write: 'report' }] },
    });
  });

  it('is so too where only the side message tells of it (Juno on)', async () => {
    const update = (saved: JsonObject, with_ = tools) =>
      instanceUpdateFromApi.handle(anIncoming('instance_update_from_api', { instance: { uuid: UUID, ...saved } }), with_);

    expect(await update({ locked: true })).toMatchObject({ submit: { intents: [{ verb: 'protect', uuid: UUID }] } });
    expect(await update({ display_name: 'x' })).toMatchObject({ submit: { intents: [] } });
    const nobody = { ...tools, store: { instances: { views: async () => new Map() } } } as unknown as HandlerTools;
    expect(await update({ locked: true }, nobody)).toMatchObject({ submit: { intents: [] } });
  });
});

describe('compute API methods of real parents', () => {
  it.each(CAPTURED)('of %s are all known', async (release) => {
    const { takesComputeApi } = await import('../../src/fronts/cells-v1/handlers/compute-api.js');
    const methods = capturedDown(release).flatMap(({ message }) => {
      const info = message.methodKwargs.method_info as JsonObject | undefined;
      return info === undefined ? [] : [String(info.method)];
    });

    expect(methods.length).toBeGreaterThan(0);
    expect(methods.filter((method) => !takesComputeApi(method))).toEqual([]);
  });
});
