import { sizeText } from '../explain/image.js';
import { table } from '../table.js';
import type { ImportRow } from './imports.js';

const HEAD = ['image', 'name', 'checksum', 'format', 'size', 'account', 'state', 'since', 'waiting', "provider's image"];

/** Imports for people. */
export function importsTable(rows: readonly ImportRow[]): string {
  if (rows.length === 0) return 'No image was imported, and none is being imported.';
  return table(HEAD, rows.map(cellsOf));
}

function cellsOf(row: ImportRow): readonly (string | number)[] {
  const { imageId, name, checksum, format, sizeBytes, account, since, doneAt, waiting, providerImageId } = row;
  return [
    ...[imageId ?? '', name ?? '', checksum ?? '', format ?? '', sizeBytes === null ? '' : sizeText(sizeBytes)],
    ...[account ?? '', stateText(row), since ?? doneAt ?? '', waiting.length, providerImageId ?? ''],
  ];
}

function stateText({ state, progress, reason }: ImportRow): string {
  if (state === 'failed') return reason === null ? state : `${state}: ${reason}`;
  return state === 'done' || progress === null ? state : `${state} ${Math.floor(progress)} %`;
}
