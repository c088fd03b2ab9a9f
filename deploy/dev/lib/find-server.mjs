import { accessSync, constants, readdirSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first folder that holds all of these programs; undefined when none does. */
export function folderWith(programs, folders) {
  return folders.find((folder) => programs.every((program) => isProgram(join(folder, program))));
}

/** The folders of PATH, with links followed: packages link single programs out of the folder that holds the rest. */
export function pathFolders(program, env = process.env) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => [folder, ...realFolder(join(folder, program))]);
}

/** `/usr/lib/postgresql/15/bin` and its like, newest version first. */
export function versionedFolders(base, below) {
  try {
    return readdirSync(base)
      .sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a))
      .map((version) => join(base, version, below));
  } catch {
    return [];
  }
}

function realFolder(path) {
  try {
    return [join(realpathSync(path), '..')];
  } catch {
    return [];
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
