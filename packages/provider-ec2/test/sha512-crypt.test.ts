import { describe, expect, it } from '@jest/globals';
import { hashPassword, sha512Crypt } from '../src/verbs/sha512-crypt.js';

describe('SHA-512 crypt', () => {
  it.each([
    // "Unix crypt using SHA-256 and SHA-512" (Drepper), its own examples.
    [
      'Hello world!',
      'saltstring',
      undefined,
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    ],
    [
      'Hello world!',
      'saltstringsaltst',
      10_000,
      '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
    ],
    [
      'we have a short salt string but not a short password',
      'short',
      77_777,
      '$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0',
    ],
    // openssl passwd -6
    ['x', 'ab', undefined, '$6$ab$jnZj29NS/hK2GaouP6AGMIBwD6owZFRejcn9QRdlwSjZaVr.fR9dH2TXrKL/PaacUXwtGfI.4O9zxvy2k6fbE1'],
    [
      'a'.repeat(200),
      '0123456789abcdef',
      undefined,
      '$6$0123456789abcdef$RBjxx9VcHjdfmVLoRNP7x08zbAVFOXyFy3mlyE0sWhfPSO/dqE70ouCpiWlbXYaHeO2LT4lgRz1jtlKJM0gSv/',
    ],
    [
      'пароль',
      'zz./AA',
      undefined,
      '$6$zz./AA$A9FRBopZC45UYXBPONe8A2raTooopxOHiOcmh28rqlLd/u00VTZCSW.1YZ3xrRMHG7EOI6JOL6yFyqfrlmlBm.',
    ],
  ] as const)('of %s with salt %s is what a libc makes of it', async (password, salt, rounds, expected) => {
    expect(await sha512Crypt(password, salt, rounds)).toBe(expected);
  });

  it('of a password has a salt of its own each time', async () => {
    const [one, other] = await Promise.all([hashPassword('secret'), hashPassword('secret')]);

    expect(one).toMatch(/^\$6\$rounds=50000\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
    expect(other).not.toBe(one);
  });
});
