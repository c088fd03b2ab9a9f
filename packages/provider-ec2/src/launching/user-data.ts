import { gunzipSync, gzipSync } from 'node:zlib';
import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import { type GuestFile, type GuestSettings, injectedFiles, metadataFiles } from './guest-files.js';
import { type MimePart, multipart, nestedPart, partOf } from './mime.js';
import { swapLines, wantedSwapMb } from './swap.js';

/** AWS: "Run commands when you launch an EC2 instance": 16 KB before base64 (nova lets 48 KB pass). */
const MAX_USER_DATA_BYTES = 16 * 1024;
/** Packed user data is unpacked to be merged; what is larger than this would not fit anyway. */
const MAX_UNPACKED_BYTES = 1024 * 1024;

export interface GuestPlace {
  readonly zone: string;
  readonly isWindows: boolean;
}

/** What a server is told at its first boot. */
export interface GuestData {
  /** User data as EC2 gets it, in base64; null = none. */
  readonly userData: string | null;
  /** The swap file that it makes; 0 = none. */
  readonly swapMb: number;
}

/**
 * The user's own goes unchanged while there is nothing to add; injected files, swap and, where wanted, metadata make it a
 * multi-part document for cloud-init, packed if it would be too long. Windows guests have no cloud-init: nothing is added
 * there. Swap is left out where the user's own cannot be added to, or leaves no room. Throws `invalid` (too long, or of a
 * kind that nothing can be added to) and `unsupported`. Pure; equal arguments give equal bytes.
 */
export function guestData(request: LaunchRequest, place: GuestPlace, settings: GuestSettings): GuestData {
  const own = request.userData === null || request.userData === '' ? null : Buffer.from(request.userData, 'base64');
  if (own && own.byteLength > MAX_USER_DATA_BYTES) throw tooLong(own.byteLength);
  if (place.isWindows || isWindows(request)) return unchanged(unchangedForWindows(request));

  const files = injectedFiles(request);
  const added = [...metadataFiles(request, place.zone, settings), ...files];
  const swapMb = wantedSwapMb(request, settings);
  if (added.length === 0 && swapMb === 0) return unchanged(request.userData);
  const part = own && userPart(own);
  if (part === undefined) {
    if (files.length > 0) throw notMergeable();
    return unchanged(request.userData);
  }
  return merged({ own, part, files: added, swapMb }) ?? unchanged(request.userData);
}

function unchanged(userData: string | null): GuestData {
  return { userData, swapMb: 0 };
}

/** Whether the image says so (nova: `os_type`). */
export function isWindows({ image }: LaunchRequest): boolean {
  return ['os_type', 'os_distro'].some(
    (name) => Object.hasOwn(image.properties, name) && /^windows/i.test(image.properties[name] ?? ''),
  );
}

interface Ingredients {
  readonly own: Buffer | null;
  readonly part: MimePart | null;
  readonly files: readonly GuestFile[];
  readonly swapMb: number;
}

/** Undefined where there was only swap to be added, and no room for it. */
function merged(all: Ingredients): GuestData | undefined {
  const whole = documentOf(all);
  if (whole.byteLength <= MAX_USER_DATA_BYTES) return { userData: whole.toString('base64'), swapMb: all.swapMb };
  if (all.swapMb > 0) return all.files.length === 0 ? undefined : merged({ ...all, swapMb: 0 });
  throw tooLongTogether({ own: all.own?.byteLength ?? 0, files: all.files, packed: whole.byteLength });
}

/** Our part comes last and appends to lists: cloud-init lets a later part replace what an earlier one says. */
function documentOf({ part, files, swapMb }: Ingredients): Buffer {
  const document = Buffer.from(multipart([...(part ? [part] : []), ourPart(files, swapMb)]));
  return document.byteLength <= MAX_USER_DATA_BYTES ? document : gzipSync(document, { level: 9 });
}

/** cloud-init docs: "Merging user data sections" (what the user says of swap stays), "Write files". */
function ourPart(files: readonly GuestFile[], swapMb: number): MimePart {
  const written = files.length === 0 ? [] : ['write_files:', ...files.map(fileEntry)];
  const config = ['#cloud-config', ...written, ...swapLines(swapMb), ''].join('\n');
  return partOf('text/cloud-config', Buffer.from(config), [['X-Merge-Type', 'list(append)+dict(no_replace,recurse_list)+str()']]);
}

/** A JSON text is a YAML text too; lines stay short enough for a mail. */
function fileEntry({ path, content }: GuestFile): string {
  const lines = content.toString('base64').replaceAll(/.{76}/g, '$&\n    ');
  return `- path: ${JSON.stringify(path)}\n  encoding: b64\n  content: |\n    ${lines}`;
}

/** How user data begins, and what it then is (cloud-init docs: "User data formats"); longer beginnings first. */
const KINDS: readonly (readonly [start: string, type: string])[] = [
  ['#cloud-config-archive', 'text/cloud-config-archive'],
  ['#cloud-config-jsonp', 'text/cloud-config-jsonp'],
  ['#cloud-config', 'text/cloud-config'],
  ['#cloud-boothook', 'text/cloud-boothook'],
  ['#include-once', 'text/x-include-once-url'],
  ['#include', 'text/x-include-url'],
  ['#part-handler', 'text/part-handler'],
  ['#upstart-job', 'text/upstart-job'],
  ['## template: jinja', 'text/jinja2'],
  ['#!', 'text/x-shellscript'],
];

/** The user's own as a part; undefined for what cloud-init would not understand. */
function userPart(own: Buffer): MimePart | undefined {
  const content = unpacked(own);
  if (content === undefined) return undefined;
  // As cloud-init looks for it: anywhere in the beginning.
  if (/mime-version:/i.test(content.subarray(0, 4096).toString('latin1'))) return nestedPart(content);
  const beginning = content.subarray(0, 32).toString('latin1');
  const type = KINDS.find(([start]) => beginning.startsWith(start))?.[1];
  return type === undefined ? undefined : partOf(type, content);
}

function unpacked(own: Buffer): Buffer | undefined {
  if (own[0] !== 0x1f || own[1] !== 0x8b) return own;
  try {
    return gunzipSync(own, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    return undefined;
  }
}

function unchangedForWindows({ userData, injectedFiles: files }: LaunchRequest): string | null {
  if (files.length === 0) return userData;
  throw new ProviderError('unsupported', 'injected files for Windows', {
    userMessage: 'This cloud cannot write files into Windows servers (--file); let user data write them.',
  });
}

function tooLong(bytes: number): ProviderError {
  return new ProviderError('invalid', `user data of ${bytes} bytes`, {
    subject: 'user-data',
    userMessage: `User data is limited to ${MAX_USER_DATA_BYTES} bytes in this cloud, yours has ${bytes}; let it fetch the rest.`,
  });
}

function tooLongTogether({
  own,
  files,
  packed,
}: {
  readonly own: number;
  readonly files: readonly GuestFile[];
  readonly packed: number;
}) {
  const rest = files.reduce((sum, { content }) => sum + content.byteLength, 0);
  return new ProviderError('invalid', `user data of ${own} bytes and files of ${rest} come to ${packed}`, {
    subject: 'user-data',
    userMessage: `User data (${own} bytes) and files (${rest}) make ${packed} bytes packed; this cloud takes ${MAX_USER_DATA_BYTES}. Let user data fetch the rest.`,
  });
}

function notMergeable(): ProviderError {
  return new ProviderError('invalid', 'user data of an unknown kind, and files to be added', {
    subject: 'user-data',
    userMessage:
      'Files (--file) go with user data only if that is for cloud-init: a script (#!), #cloud-config or MIME. Drop one of the two.',
  });
}
