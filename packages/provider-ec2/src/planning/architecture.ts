/** nova's names of architectures (nova/objects/fields.py) that EC2 calls otherwise. */
const NAMES: Readonly<Record<string, string>> = { amd64: 'x86_64', aarch64: 'arm64' };

/** Where nothing says which. */
export const DEFAULT_ARCHITECTURE = 'x86_64';

/** As EC2 calls it. */
export function architectureOf(text: string): string {
  const name = text.trim();
  return Object.hasOwn(NAMES, name) ? (NAMES[name] ?? name) : name;
}
