import { type FlavorRequest, ProviderError } from '@burstcell/provider';
import { EXTRA_SPEC } from '../planning/hints.js';
import { lookup } from '../planning/lookup.js';

/** nova's own extra specs for devices (nova guide: "Attaching virtual GPU devices", "Attaching physical PCI devices"). */
const VGPU = /^resources\d*:VGPU$/;
const PCI_ALIAS = 'pci_passthrough:alias';

interface Device {
  readonly name: string;
  readonly count: number;
}

/** GPUs that a flavor asks for: by our own extra spec, as nova's VGPU, or as a PCI device under one of these aliases. */
export function gpusWanted({ extraSpecs }: FlavorRequest, gpuAliases: readonly string[]): number {
  const virtual = Object.entries(extraSpecs).filter(([spec]) => VGPU.test(spec));
  const physical = pciDevices(extraSpecs).filter(({ name }) => gpuAliases.includes(name));
  return Math.max(
    toCount(lookup(extraSpecs, EXTRA_SPEC.gpus)),
    virtual.reduce((sum, [, count]) => sum + toCount(count), 0),
    physical.reduce((sum, { count }) => sum + count, 0),
  );
}

/** Throws `invalid` for a flavor with PCI devices that are no GPUs: nothing here is known to have them. */
export function checkDevices({ name, extraSpecs }: FlavorRequest, gpuAliases: readonly string[]): void {
  const unknown = pciDevices(extraSpecs).find((device) => !gpuAliases.includes(device.name));
  if (unknown === undefined) return;
  throw new ProviderError('invalid', `flavor ${name} asks for the PCI device ${unknown.name}`, {
    subject: 'flavor',
    userMessage: `No server of this cloud has the device ${unknown.name.slice(0, 40)} of flavor ${name.slice(0, 60)}; choose another flavor.`,
  });
}

/** `a1:2,b1:1`; a count that is missing is 1. */
function pciDevices(extraSpecs: FlavorRequest['extraSpecs']): readonly Device[] {
  return (lookup(extraSpecs, PCI_ALIAS) ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [name = '', count = '1'] = entry.split(':').map((part) => part.trim());
      return { name, count: toCount(count) };
    });
}

function toCount(text: string | undefined): number {
  const count = Number(text ?? 0);
  return Number.isInteger(count) && count > 0 ? count : 0;
}
