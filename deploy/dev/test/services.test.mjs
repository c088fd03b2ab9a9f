import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bringUp } from '../lib/services.mjs';

/** A service that exists nowhere but here; what it is asked is noted. */
function aService(overrides = {}) {
  const asked = [];
  return {
    asked,
    name: 'Thing',
    variable: 'THING_URL',
    example: 'thing://host:1',
    packages: ['thing-server'],
    standardUrls: () => ['thing://user:secret@local:1'],
    probe: async (url) => {
      asked.push(url);
      return { ok: false, why: 'nothing listens there' };
    },
    findServer: () => undefined,
    startPrivate: async () => ({ url: 'thing://private:2', env: { THING_CTL: 'ctl' }, stop: async () => {} }),
    ...overrides,
  };
}

describe('a service is looked for', () => {
  let run;
  beforeEach(() => {
    run = { folder: mkdtempSync(join(tmpdir(), 'burstcell-services-')), note: () => {} };
  });
  afterEach(() => rmSync(run.folder, { recursive: true, force: true }));

  const bring = (service, env = {}, install = () => {}) => bringUp(run, { env, services: [service], install });

  it('first where the environment says, even when others would be there', async () => {
    const service = aService({ probe: async () => ({ ok: true }), findServer: () => ({}) });

    expect((await bring(service, { THING_URL: 'thing://named:9/' })).env).toEqual({ THING_URL: 'thing://named:9' });
  });

  it('and never elsewhere when what the environment names does not answer', async () => {
    const service = aService({ findServer: () => ({}) });

    await expect(bring(service, { THING_URL: 'thing://u:secret@named:9' })).rejects.toMatchObject({
      message: 'Thing at thing://u@named:9: nothing listens there',
      remedy: 'Correct or unset THING_URL.',
    });
  });

  it('then on its standard local port', async () => {
    const service = aService({ probe: async () => ({ ok: true }), findServer: () => ({}) });

    expect((await bring(service)).env).toEqual({ THING_URL: 'thing://user:secret@local:1' });
  });

  it('then as a private instance of the installed server', async () => {
    const service = aService({ findServer: () => ({ bin: '/usr/bin' }) });

    expect((await bring(service)).env).toEqual({ THING_URL: 'thing://private:2', THING_CTL: 'ctl' });
    expect(service.asked).toEqual(['thing://user:secret@local:1']);
  });

  it('then in the distribution, when root may install it', async () => {
    const installed = [];
    const service = aService({ findServer: () => (installed.length > 0 ? { bin: '/usr/bin' } : undefined) });

    const outcome = bringUp(run, { env: {}, services: [service], install: (names) => installed.push(...names) });

    if (process.getuid() !== 0) return await expect(outcome).rejects.toThrow('installing packages needs root');
    expect((await outcome).env).toMatchObject({ THING_URL: 'thing://private:2' });
    expect(installed).toEqual(['thing-server']);
  });

  it('and else it is said what was tried and what to do', async () => {
    const failure = await bring(aService(), { BURSTCELL_SERVICES: 'named,local,private' }).catch((error) => error);

    expect(failure.message).toBe(
      'no Thing: THING_URL is not set; thing://user@local:1: nothing listens there; no installed server was found',
    );
    expect(failure.remedy).toContain('Set THING_URL=thing://host:1');
    expect(failure.remedy).toContain('apt-get install thing-server');
  });

  it('only in the ways that BURSTCELL_SERVICES allows', async () => {
    const service = aService({ probe: async () => ({ ok: true }), findServer: () => ({}) });

    expect((await bring(service, { BURSTCELL_SERVICES: 'private' })).env.THING_URL).toBe('thing://private:2');
    await expect(bring(service, { BURSTCELL_SERVICES: 'cloud' })).rejects.toThrow(
      "'cloud' is none of named, local, private, package",
    );
  });

  it('again on other ports when a private instance does not come up, and then given up with its log', async () => {
    let tries = 0;
    const service = aService({
      findServer: () => ({}),
      startPrivate: async () => {
        tries += 1;
        throw new Error('address in use');
      },
    });

    await expect(bring(service)).rejects.toThrow('address in use');
    expect(tries).toBe(3);
  });

  it('together with the others: when one fails, what was started of the rest is ended', async () => {
    let isStopped = false;
    const good = aService({
      findServer: () => ({}),
      startPrivate: async () => ({
        url: 'thing://private:2',
        env: {},
        stop: async () => {
          isStopped = true;
        },
      }),
    });

    await expect(bringUp(run, { env: { BURSTCELL_SERVICES: 'private' }, services: [good, aService()] })).rejects.toThrow(
      'no Thing',
    );
    expect(isStopped).toBe(true);
  });
});
