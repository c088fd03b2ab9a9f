import { describe, expect, it } from '@jest/globals';
import { ownershipFilter, ownershipTags, STEP_TAG, TAG, templateTags } from '../src/launching/tags.js';
import { aRequest } from './builders.js';

const owner = { cellName: 'ec2', incarnation: 'first' };

describe('tags', () => {
  it('say whose a machine is, and which one when it is launched alone', () => {
    expect(ownershipTags(owner, 'token', ['uuid-1'])).toEqual({
      'burstcell:cell': 'ec2',
      'burstcell:incarnation': 'first',
      'burstcell:launch': 'token',
      'burstcell:uuid': 'uuid-1',
    });
    expect(ownershipTags(owner, 'token', ['uuid-1', 'uuid-2'])).not.toHaveProperty('burstcell:uuid');
  });

  it('are found again by cell and incarnation', () => {
    expect(ownershipFilter(owner)).toEqual({ 'tag:burstcell:cell': ['ec2'], 'tag:burstcell:incarnation': ['first'] });
  });

  it('fill the templates, those about one machine apart', () => {
    const request = aRequest({ displayName: 'web-1', projectId: 'p1' });

    const tags = templateTags(
      { Name: '{display_name}', project: '{project_id}', bill: 'burst/{flavor}', odd: '{constructor}' },
      request,
    );

    expect(tags.own).toEqual({ Name: 'web-1' });
    expect(tags.shared).toEqual({ project: 'p1', bill: 'burst/m1.small', odd: '{constructor}' });
  });

  it('stay within what AWS takes', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`t${at}`, 'x']));
    const request = aRequest({ displayName: `${'n'.repeat(255)}😀` });

    const ours = Object.keys(TAG).length + Object.keys(STEP_TAG).length;
    expect(Object.keys(templateTags(many, request).shared).length + ours).toBe(50);
    expect(templateTags({ Name: '{display_name}' }, request).own.Name).toBe('n'.repeat(255));
    expect(templateTags({ [`k${'k'.repeat(128)}`]: 'x', 'aws:name': 'x', 'burstcell:uuid': 'x' }, request).shared).toEqual({});
  });
});
