import { describe, expect, it } from '@jest/globals';
import { renderIni } from './ini.js';
import { atVhost, cellCreateArgs, transportUrl } from './neighbour.js';
import { parentConf } from './nova-conf.js';

const facts = {
  ...{
    cellName: 'api',
    apiPort: 20_774,
    identityUrl: 'http://identity/v3',
    pasteFile: '/run/paste.ini',
    imageUrl: 'http://image',
  },
  ...{ stateFolder: '/run/state', transportUrl: 'rabbit://u:p@h:1/v', databaseUrl: 'main', apiDatabaseUrl: 'api' },
};

describe("the parent's nova.conf", () => {
  it('makes it an API cell that authenticates as a real one does', () => {
    const text = renderIni(parentConf(facts));

    expect(text).toContain('[cells]\nenable = true\nname = api\ncell_type = api\n');
    expect(text).toContain('[api]\nauth_strategy = keystone\n');
    expect(text).toContain('auth_url = http://identity/v3\n');
  });

  it('never names an option twice in a section', () => {
    for (const section of renderIni(parentConf(facts)).split('\n\n')) {
      const names = section.split('\n').map((line) => line.split(' = ')[0]);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });
});

describe('a neighbour', () => {
  it("is given to nova-manage with all that its URL says, and the numbers that nova-manage can't do without", () => {
    const brokerUrl = atVhost(new URL('amqp://us%40er:p%2Fw@broker:5673'), 'a vhost');

    const args = cellCreateArgs({ name: 'ec2', cellType: 'child', brokerUrl });

    expect(args.join(' ')).toBe(
      'cell create --name ec2 --cell_type child --username us@er --password p/w --hostname broker --port 5673 --virtual_host a vhost --woffset 1.0 --wscale 1.0',
    );
  });

  it("is written in oslo.messaging's form for a transport_url", () => {
    expect(transportUrl(atVhost(new URL('amqp://guest:guest@127.0.0.1:5672'), 'v1'))).toBe(
      'rabbit://guest:guest@127.0.0.1:5672/v1',
    );
  });
});
