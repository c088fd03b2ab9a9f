/** Separates the cells of a path; `!` in every release. */
export const PATH_SEPARATOR = '!';

/** `api!ec2` ↔ `ec2!api`. */
export function reversePath(path: string): string {
  return splitPath(path).reverse().join(PATH_SEPARATOR);
}

export function splitPath(path: string): string[] {
  return path.split(PATH_SEPARATOR);
}

export function joinPath(cells: readonly string[]): string {
  return cells.join(PATH_SEPARATOR);
}
