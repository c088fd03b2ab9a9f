/** Keys say what a unit touches: two units that share one never share a transaction and keep their order. */
export const instanceKey = (uuid: string): string => `i:${uuid}`;
export const operationKey = (id: string): string => `o:${id}`;
export const messageKey = (uuid: string): string => `m:${uuid}`;
export const launchKey = (token: string): string => `l:${token}`;
export const migrationKey = (uuid: string): string => `g:${uuid}`;
export const imageKey = (imageId: string): string => `p:${imageId}`;
export const taskKey = (name: string, host: string): string => `t:${host} ${name}`;
