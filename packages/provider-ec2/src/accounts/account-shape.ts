import type { ProviderHeadroom, ProviderShape } from '@burstcell/provider';
import type { Account } from './account.js';
import type { AccountRegistry } from './account-registry.js';

interface Known {
  readonly account: Account;
  readonly shape: ProviderShape;
}

/**
 * What a cell of several accounts shows: zones and all else are the home account's, room is what there is in any,
 * since the parent is told one figure for all projects. A size counts as refused while every account refuses it
 * in which it was asked for lately. Accounts of which nothing is known count for nothing.
 */
export async function joinedShape({ home, others }: AccountRegistry, signal?: AbortSignal): Promise<ProviderShape> {
  const [shape, ...more] = await Promise.all([
    home.provider.shape(signal === undefined ? {} : { signal }),
    ...others.map(async (account) => ({ account, shape: await account.room.shape() })),
  ]);
  const known = [{ account: home, shape }, ...more.filter((each): each is Known => each.shape !== null)];
  return { ...shape, headroom: headroomOf(known), refusedMemoryMb: refusedOf(known) };
}

function headroomOf(known: readonly Known[]): ProviderHeadroom {
  const sum = (key: keyof ProviderHeadroom) =>
    known.reduce<number | null>((total, { shape }) => {
      const room = shape.headroom[key];
      return total === null || room === null ? null : total + room;
    }, 0);
  return { instances: sum('instances'), vcpus: sum('vcpus'), memoryMb: sum('memoryMb'), diskGb: sum('diskGb') };
}

function refusedOf(known: readonly Known[]): readonly number[] {
  const refused = [...new Set(known.flatMap(({ shape }) => shape.refusedMemoryMb))].sort((a, b) => a - b);
  return refused.filter((memoryMb) =>
    known.every(({ account, shape }) => shape.refusedMemoryMb.includes(memoryMb) || !account.room.isAsked(memoryMb)),
  );
}
