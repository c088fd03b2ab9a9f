import { randomUUID } from 'node:crypto';
import type { Write } from '../../src/index.js';
import {
  aBandwidth,
  aBlockDevice,
  aFlavor,
  aLook,
  aMessage,
  aMigration,
  anAction,
  anImage,
  anInstance,
  anOperation,
  aProviderInstance,
  aReport,
  aTaskLog,
} from './builders.js';

/** One write of each kind about this instance. */
export function everyWrite(uuid: string): readonly Write[] {
  const action = anAction(uuid);
  const { requestId } = action;
  const token = randomUUID();
  const event = {
    event: 'compute_stop',
    startedAt: new Date(),
    finishedAt: new Date(),
    result: 'Success',
    details: null,
    host: 'h',
  };
  const rejected = { method: null, messageUuid: null, routingKey: 'key', body: '', bodyBytes: 0 };
  return [
    anInstance({ uuid, metadata: { a: '1' }, systemMetadata: { a: '1' }, blockDevices: [aBlockDevice()] }),
    { write: 'patch-instance', uuid, set: { vm_state: 'active', host: 'h' } },
    { write: 'set-network-info', uuid, networkInfo: [] },
    { write: 'set-metadata', uuid, values: { a: '2', b: '3' }, replace: true },
    { write: 'delete-metadata', uuid, keys: ['c'] },
    { write: 'set-system-metadata', uuid, values: { a: '2' }, replace: false },
    { write: 'set-flavors', uuid, flavor: aFlavor, oldFlavor: null, newFlavor: null },
    { write: 'set-block-device', uuid, device: aBlockDevice({ volume_id: 'v' }) },
    { write: 'delete-block-device', uuid, volumeId: 'w' },
    aMigration(uuid),
    { write: 'set-migration-status', uuid: randomUUID(), status: 'finished' },
    { write: 'delete-instance', uuid, at: new Date() },
    { write: 'add-fault', uuid, code: 400, message: 'm', details: 'd', host: null },
    action,
    { write: 'finish-action', uuid, action: action.action, requestId, message: null },
    { write: 'add-action-event', uuid, requestId, ...event },
    anOperation(uuid),
    { write: 'save-operation', id: '1', step: 's' },
    { write: 'finish-operation', id: '1', outcome: 'done' },
    { write: 'cancel-operations', uuid, exceptVerbs: ['delete'] },
    { write: 'wake-operations', uuid },
    { write: 'record-launch', token, members: [uuid], attempt: 1, offering: {}, parameters: {} },
    { write: 'settle-launch', token, outcome: 'launched' },
    aProviderInstance(uuid),
    aLook(uuid),
    { write: 'look-soon', uuid, providerId: 'i-1' },
    anImage(uuid),
    { write: 'forget-image', imageId: randomUUID() },
    aBandwidth(uuid),
    aTaskLog(),
    aReport(uuid),
    aMessage(uuid),
    { write: 'remember-flavor', flavor: aFlavor },
    { write: 'reject', reason: 'r', detail: 'd', ...rejected },
  ];
}
