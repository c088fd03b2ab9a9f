import type { ProviderNotice } from '@burstcell/provider';
import type { Store, Write } from '@burstcell/store';

/**
 * What the vendor says about a machine, where its user looks: an action of the instance (`nova instance-action-list`)
 * whose message is the vendor's word. States stay as they are, since nothing has happened yet. Empty when the notice was
 * recorded before, or the instance is deleted.
 */
export async function noticeWrites(
  { store, now }: { readonly store: Store; readonly now: () => Date },
  uuid: string,
  { id, text }: ProviderNotice,
): Promise<readonly Write[]> {
  const instance = (await store.instances.views([uuid])).get(uuid);
  const requestId = `req-${id}`;
  if (instance === undefined || instance.deleted !== 0) return [];
  if ((await store.actions.byRequest(uuid, requestId)) !== null) return [];
  const action = 'provider-notice';
  return [
    { write: 'start-action', uuid, action, requestId, userId: null, projectId: instance.project_id, at: now() },
    { write: 'finish-action', uuid, action, requestId, message: text },
  ];
}
