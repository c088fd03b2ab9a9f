import { installPackages, whyNoPackages } from './distribution.mjs';
import { postgres } from './postgres.mjs';
import { rabbitmq } from './rabbitmq.mjs';
import { SetupError, say } from './say.mjs';
import { START_TRIES } from './timings.mjs';

/** The ways to a service, in this order. `BURSTCELL_SERVICES` names those that may be used. */
const WAYS = { named, local, private: installed, package: packaged };

/**
 * Brings up what a task needs. Answers the variables for it and `stop`, which ends what was
 * started here and nothing else. When one service fails the other is ended again.
 */
export async function bringUp(run, { env = process.env, services = [rabbitmq, postgres], install = installPackages } = {}) {
  const results = await Promise.allSettled(services.map((service) => provide(service, { run, env, install })));
  const up = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(up.map((one) => one.stop?.()));
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) return { env: Object.assign({}, ...up.map((one) => one.env)), stop };
  await stop();
  throw failed.reason;
}

async function provide(service, context) {
  const reasons = [];
  for (const way of allowedWays(context.env)) {
    const found = await WAYS[way](service, context);
    if (found.url !== undefined) {
      say(`${service.name}: ${found.how}`);
      return { ...found, env: { ...found.env, [service.variable]: found.url } };
    }
    reasons.push(found.why);
  }
  throw new SetupError(
    `no ${service.name}: ${reasons.join('; ')}`,
    `Set ${service.variable}=${service.example}, or start ${service.name} on its standard local port,\nor install its server (Debian, Ubuntu: apt-get install ${service.packages.join(' ')}).`,
  );
}

function allowedWays(env) {
  const all = Object.keys(WAYS);
  const asked = (env.BURSTCELL_SERVICES || all.join(',')).split(',').map((way) => way.trim());
  const unknown = asked.find((way) => !all.includes(way));
  if (unknown !== undefined)
    throw new SetupError(`BURSTCELL_SERVICES: '${unknown}' is none of ${all.join(', ')}`, 'Correct or unset it.');
  return all.filter((way) => asked.includes(way));
}

/** What was named must answer: falling back to another server would run the task on data nobody meant. */
async function named({ name, variable, probe, example }, { env }) {
  const url = env[variable]?.replace(/\/+$/, '');
  if (!url) return { why: `${variable} is not set` };
  if (!URL.canParse(url)) throw new SetupError(`${variable} is not a URL`, `It should look like ${example}.`);
  const answer = await probe(url);
  if (answer.ok) return { url, how: `${withoutPassword(url)}, as ${variable} says` };
  throw new SetupError(`${name} at ${withoutPassword(url)}: ${answer.why}`, `Correct or unset ${variable}.`);
}

async function local({ probe, standardUrls }) {
  const reasons = [];
  for (const url of standardUrls()) {
    const answer = await probe(url);
    if (answer.ok) return { url, how: `${withoutPassword(url)}, which was there` };
    reasons.push(`${withoutPassword(url)}: ${answer.why}`);
  }
  return { why: reasons.join('; ') };
}

async function installed(service, { run }) {
  const server = service.findServer();
  if (server === undefined) return { why: 'no installed server was found' };
  say(`${service.name}: starting a private one`);
  for (let left = START_TRIES; ; left -= 1) {
    try {
      const started = await service.startPrivate(server, run);
      return { ...started, how: `${withoutPassword(started.url)}, a private one` };
    } catch (error) {
      if (left > 1) continue;
      throw new SetupError(error.message, `Name one that runs: ${service.variable}=${service.example}.`);
    }
  }
}

let installing = Promise.resolve();

async function packaged(service, { run, install }) {
  const why = whyNoPackages();
  if (why !== undefined) return { why };
  say(`${service.name}: installing ${service.packages.join(' ')}`);
  // apt-get holds one lock for all: the services take turns.
  installing = installing.then(() => install(service.packages));
  await installing;
  return await installed(service, { run });
}

function withoutPassword(url) {
  return url.replace(/:[^:@/]*@/, '@');
}
