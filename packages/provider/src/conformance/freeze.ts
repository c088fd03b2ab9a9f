import { expect } from '@jest/globals';
import { only } from './bed.js';
import { base64 } from './requests.js';
import type { Declare, Suite } from './suite.js';

export function freezeSuite(suite: Suite): void {
  suite.verb('freeze', (test) => {
    purity(test);
    tokens(test);
    groups(test);
  });
}

function purity(test: Declare): void {
  test('gives equal launches for equal arguments', {}, async (bed) => {
    const request = bed.aRequest();
    const offering = await bed.bestOffering(request);

    expect(bed.provider.freeze([request], offering, 1)).toEqual(bed.provider.freeze([request], offering, 1));
  });

  test('gives the same launches in every replica', { needs: ['replicas'] }, async (bed) => {
    const replica = await bed.replica();
    const request = bed.aRequest();
    const offering = await bed.bestOffering(request);

    expect(replica.freeze([request], offering, 1)).toEqual(bed.provider.freeze([request], offering, 1));
  });

  test('leaves its arguments as they are, and starts nothing', {}, async (bed) => {
    const request = bed.aRequest({ metadata: { role: 'web' }, userData: base64('#!/bin/sh\n') });
    const offering = await bed.bestOffering(request);
    const before = structuredClone([request, offering]);

    bed.provider.freeze([request], offering, 1);

    expect([request, offering]).toEqual(before);
    expect(await bed.listed()).toEqual([]);
  });

  test('gives plain JSON, to be recorded', {}, async (bed) => {
    const launch = await bed.frozen();

    expect(JSON.parse(JSON.stringify(launch))).toEqual(launch);
  });
}

function tokens(test: Declare): void {
  test('gives tokens of at most 64 ASCII characters', {}, async (bed) => {
    const requests = [bed.aRequest(), bed.aRequest({ userData: base64('other') })];
    const offering = await bed.bestOffering(bed.aRequest());

    for (const { token } of bed.provider.freeze(requests, offering, 1)) expect(token).toMatch(/^[\x21-\x7e]{1,64}$/);
  });

  test('gives another token for another attempt, offering or instance', {}, async (bed) => {
    const request = bed.aRequest();
    const offerings = await bed.provider.offerings(request);
    const offering = await bed.bestOffering(request);
    const tokenOf = (...arguments_: Parameters<typeof bed.provider.freeze>) => only(bed.provider.freeze(...arguments_)).token;

    const all = [
      tokenOf([request], offering, 2),
      tokenOf([bed.aRequest()], offering, 1),
      ...offerings.map((other) => tokenOf([request], other, 1)),
    ];

    expect(new Set(all).size).toBe(all.length);
  });

  test('gives another token in another cell', { needs: ['strangers'] }, async (bed) => {
    const stranger = await bed.stranger();
    const request = bed.aRequest();
    const offering = await bed.bestOffering(request);

    const [ours, theirs] = [bed.provider, stranger].map((provider) => only(provider.freeze([request], offering, 1)).token);

    expect(theirs).not.toBe(ours);
  });
}

function groups(test: Declare): void {
  test('puts every request into exactly one launch', {}, async (bed) => {
    const requests = Array.from({ length: 7 }, () => bed.aRequest());
    const launches = bed.provider.freeze(requests, await bed.bestOffering(bed.aRequest()), 1);

    expect(launches.flatMap(({ members }) => members).toSorted()).toEqual(requests.map(({ uuid }) => uuid).toSorted());
  });

  test('never lets requests of different shape share a launch', {}, async (bed) => {
    const requests = [bed.aRequest({ userData: base64('one') }), bed.aRequest({ userData: base64('two') })];
    const launches = bed.provider.freeze(requests, await bed.bestOffering(bed.aRequest()), 1);

    expect(launches.map(({ members }) => members)).toEqual(requests.map(({ uuid }) => [uuid]));
  });

  test('keeps the offering it was given', {}, async (bed) => {
    const request = bed.aRequest();

    for (const offering of await bed.provider.offerings(request)) {
      expect(only(bed.provider.freeze([request], offering, 1)).offering).toEqual(offering);
    }
  });
}
