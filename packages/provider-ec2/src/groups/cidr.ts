import { isIPv4, isIPv6 } from 'node:net';

export interface Cidr {
  readonly family: 'ipv4' | 'ipv6';
  /** As EC2 shows it: the first address of the range, IPv6 in its shortest form. */
  readonly text: string;
}

/** Reads a range such as 10.0.0.7/8 or a single address; undefined for what is neither. EC2 keeps ranges in this form. */
export function readCidr(range: string): Cidr | undefined {
  const [address = '', prefix, ...rest] = range.split('/');
  if (rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  if (isIPv4(address)) return inRange(Number(prefix ?? 32), 32, (bits) => ({ family: 'ipv4', text: ipv4(address, bits) }));
  if (!isIPv6(address) || address.includes('%')) return undefined;
  return inRange(Number(prefix ?? 128), 128, (bits) => ({ family: 'ipv6', text: ipv6(address, bits) }));
}

function inRange(bits: number, most: number, make: (bits: number) => Cidr): Cidr | undefined {
  return bits <= most ? make(bits) : undefined;
}

function ipv4(address: string, bits: number): string {
  const groups = address.split('.').map((part) => BigInt(part));
  return `${split(masked(groups, 8n, bits), 8n, 4).join('.')}/${bits}`;
}

function ipv6(address: string, bits: number): string {
  const groups = expanded(address).map((part) => BigInt(`0x${part}`));
  const words = split(masked(groups, 16n, bits), 16n, 8).map((word) => word.toString(16));
  return `${shortest(words.join(':'))}/${bits}`;
}

function masked(groups: readonly bigint[], width: bigint, bits: number): bigint {
  const value = groups.reduce((sum, group) => (sum << width) | group, 0n);
  const free = width * BigInt(groups.length) - BigInt(bits);
  return (value >> free) << free;
}

function split(value: bigint, width: bigint, count: number): readonly bigint[] {
  const mask = (1n << width) - 1n;
  return Array.from({ length: count }, (_, at) => (value >> (width * BigInt(count - 1 - at))) & mask);
}

function expanded(address: string): readonly string[] {
  const [head = '', tail] = shortest(address).split('::');
  const words = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'));
  const [before, after] = [words(head), words(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
}

/** RFC 5952, as URLs are written. */
function shortest(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
