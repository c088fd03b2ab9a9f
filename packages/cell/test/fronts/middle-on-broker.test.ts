import { isJsonObject, type JsonValue } from '@burstcell/wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { START_MS } from '../integration/parent-kit.js';
import { bedSettings } from '../parent/config.js';
import { BedUnavailable } from '../parent/unavailable.js';
import { openVhosts, type Vhosts } from '../parent/vhosts.js';
import { linkNames } from '../support/cell-config.js';
import { Cell } from '../support/cell-process.js';
import { clearBroker } from '../support/clear-broker.js';
import { environment, runFolder, uniqueName } from '../support/environment.js';
import { scratchDatabase } from '../support/scratch-database.js';
import { BrokerTop } from './broker-top.js';
import { capturedBuilds } from './captured.js';

/** A cell uses its own names towards its children, as nova does: on one broker they need a virtual host of their own. */
const vhosts = await vhostsOrReason();
const suite = typeof vhosts === 'string' ? describe.skip : describe;
const why = typeof vhosts === 'string' ? ` (skipped: ${vhosts})` : '';

suite(`api over region over ec2, on a real broker${why}`, () => {
  const endings: (() => Promise<unknown>)[] = [];
  let top: BrokerTop;

  beforeAll(async () => {
    const env = environment();
    const run = uniqueName('middle');
    const names = { ...linkNames(run), childName: 'region' };
    const below = {
      parentName: 'region',
      childName: 'ec2',
      parentExchange: names.childExchange,
      parentQueueBase: names.childQueueBase,
    };
    const vhost = `burstcell_${run}`;
    const ec2Url = new URL(env.amqpUrl);
    ec2Url.pathname = `/${vhost}`;

    await (vhosts as Vhosts).create(vhost);
    endings.push(() => (vhosts as Vhosts).remove(vhost));
    endings.push(() => clearBroker(env.amqpUrl, names, ['replica-0', 'top']));
    const make = async (what: string, options: Pick<ConstructorParameters<typeof Cell>[0], 'names' | 'amqpUrl' | 'ini'>) => {
      const database = await scratchDatabase(env.pgUrl, what);
      endings.push(() => database.drop());
      const cell = new Cell({ folder: runFolder(what, env), databaseUrl: database.url, release: 'rocky', ...options });
      await cell.command(['db', 'migrate']);
      return cell;
    };
    const quick = { update_gap_ms: 100, settle_ms: 0 };
    const region = await make('region', {
      names,
      amqpUrl: env.amqpUrl,
      ini: { burst: { provider: 'simulator', max_instances: 0, max_ram_mb: 0, ...quick } },
    });
    const ec2 = await make('ec2', {
      names: { ...names, ...below, childExchange: names.childExchange, childQueueBase: names.childQueueBase },
      amqpUrl: ec2Url.href,
      ini: { burst: { provider: 'simulator', max_ram_mb: 4_096, ...quick } },
    });
    await region.command(['cell', 'create', ...neighbour('api', 'parent', env.amqpUrl)]);
    await region.command(['cell', 'create', ...neighbour('ec2', 'child', ec2Url.href)]);
    await ec2.command(['cell', 'create', ...neighbour('region', 'parent', env.amqpUrl)]);
    top = await BrokerTop.start({
      amqpUrl: env.amqpUrl,
      names: { exchange: names.parentExchange, queueBase: names.parentQueueBase },
      belowNames: { exchange: names.childExchange, queueBase: names.childQueueBase },
    });
    endings.push(() => top.stop());
    for (const cell of [region, ec2]) {
      const process = await cell.run();
      endings.push(() => process.stop());
    }
  }, START_MS);

  afterAll(async () => {
    for (const ending of endings.reverse()) await ending();
  }, START_MS);

  it('offers the room of the cell below as the region’s own', async () => {
    const said = await top.first(
      ({ methodName, methodKwargs }) => methodName === 'update_capacities' && ramOf(methodKwargs.capacities) > 0,
    );

    expect(said).toMatchObject({ routingPath: 'region', targetCell: 'region!api', methodKwargs: { cell_name: 'region' } });
    expect(ramOf(said.methodKwargs.capacities)).toBe(4_096);
  });

  it('boots an instance two cells down, and its reports come up through the region', async () => {
    const [build] = capturedBuilds('rocky');
    if (build === undefined) throw new Error('no build was recorded');

    await top.send({
      methodName: build.message.methodName,
      methodKwargs: build.message.methodKwargs,
      targetCell: 'api!region!ec2',
    });
    const update = await top.first(
      ({ methodName, methodKwargs }) => methodName === 'instance_update_at_top' && stateOf(methodKwargs.instance) === 'active',
    );

    expect(update).toMatchObject({ routingPath: 'ec2!region', hopCount: 2 });
  });

  it('lists the services of both cells in one answer', async () => {
    const asked = await top.send({
      messageType: 'broadcast',
      methodName: 'service_get_all',
      methodKwargs: { filters: {} },
      needResponse: true,
    });

    const items = await top.answer(asked);

    expect(items.map(({ cellName }) => cellName).sort()).toEqual(['api!region', 'api!region!ec2']);
  });

  it('answers a question to the cell below', async () => {
    const asked = await top.send({
      methodName: 'service_get_by_compute_host',
      methodKwargs: { host_name: 'ec2-zone-a' },
      targetCell: 'api!region!ec2',
      needResponse: true,
    });

    expect(await top.answer(asked)).toEqual([expect.objectContaining({ cellName: 'api!region!ec2', value: expect.anything() })]);
  });
});

async function vhostsOrReason(): Promise<Vhosts | string> {
  try {
    return await openVhosts(bedSettings());
  } catch (error) {
    if (error instanceof BedUnavailable) return error.reason;
    throw error;
  }
}

function neighbour(name: string, type: 'parent' | 'child', amqpUrl: string): string[] {
  const url = new URL(amqpUrl);
  const flags = {
    name,
    cell_type: type,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    hostname: url.hostname,
    port: url.port || '5672',
    virtual_host: decodeURIComponent(url.pathname.slice(1)) || '/',
    woffset: '1',
    wscale: '1',
  };
  return Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
}

function ramOf(capacities: JsonValue | undefined): number {
  const ram = isJsonObject(capacities) ? capacities.ram_free : null;
  return isJsonObject(ram) && typeof ram.total_mb === 'number' ? ram.total_mb : 0;
}

function stateOf(instance: JsonValue | undefined): JsonValue | undefined {
  const data = isJsonObject(instance) ? instance['nova_object.data'] : null;
  return isJsonObject(data) ? data.vm_state : undefined;
}
