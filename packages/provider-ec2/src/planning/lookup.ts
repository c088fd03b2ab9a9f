/** A map's own entry: names come from users, and `constructor` must find nothing. */
export function lookup<T>(map: Readonly<Record<string, T>>, name: string | null | undefined): T | undefined {
  return name !== null && name !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}
