import { type InterCellMessage, isJsonObject } from '@burstcell/wire';

/** The method, and that of the compute API where one is carried. */
export function methodIn({ methodName, methodKwargs }: InterCellMessage): string {
  const info = methodKwargs.method_info;
  return isJsonObject(info) ? `${methodName}: ${String(info.method)}` : methodName;
}
