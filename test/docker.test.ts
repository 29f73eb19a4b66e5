import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createLog } from '../src/log.ts';
import { startHealth } from '../src/ops/health.ts';
import { SECRETS } from '../src/variables.ts';

// What can be known of the container without a container engine.

const ROOT = `${import.meta.dirname}/..`;
const read = (path: string) => readFileSync(`${ROOT}/${path}`, 'utf8');

interface Step {
  verb: string;
  rest: string;
}

/** The instructions of the Dockerfile, continued lines joined, comments dropped. */
const steps: Step[] = read('Dockerfile')
  .replaceAll(/^\s*#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .flatMap(line => {
    const [, verb, rest] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    return verb !== undefined && rest !== undefined ? [{ verb, rest: rest.replaceAll(/\s+/g, ' ') }] : [];
  });
const finalStage = steps.slice(steps.findLastIndex(step => step.verb === 'FROM'));
const the = (verb: string, among = finalStage) =>
  among.filter(step => step.verb === verb).map(step => step.rest);

test('the stage that compiles and the one that runs stand on one image, pinned, of the Node that package.json pins', () => {
  const { devDependencies }: { devDependencies: { node: string } } = JSON.parse(read('package.json'));
  const [base = '', ...others] = the('FROM', steps);
  expect(base.replace(/@sha256:[\da-f]{64} /, '@DIGEST ')).toBe(
    `node:${devDependencies.node}-slim@DIGEST AS base`,
  );
  expect(others).toEqual(['base AS dependencies', 'base']);
});

test('the install leaves out what only developers need, and nothing else', () => {
  const installs = the('RUN', steps).filter(run => /\bnpm\b/.test(run));
  expect(installs).toHaveLength(1);
  expect(installs[0]).toContain('npm ci --omit=dev');
  expect(installs[0]).not.toMatch(/omit=optional|ignore-scripts/);
  expect(installs[0]).toContain('npm_config_build_from_source=true'); // else a binary without a checksum is fetched
  expect(read('Dockerfile')).not.toMatch(/espeak/);
});

test('what is copied exists, passes .dockerignore, and is all of the program', () => {
  const copied = the('COPY', steps)
    .filter(copy => !copy.startsWith('--from'))
    .flatMap(copy => copy.split(' ').slice(0, -1));
  const [first, ...rest] = read('.dockerignore')
    .trim()
    .split('\n')
    .filter(line => !line.startsWith('#'));
  expect(first).toBe('*');
  expect(rest.map(line => line.replace(/^!/, '')).sort()).toEqual([...new Set(copied)].sort());
  for (const path of copied) expect(existsSync(`${ROOT}/${path}`), path).toBe(true);
  const shipped = the('COPY').flatMap(copy => copy.split(' ').slice(0, -1));
  expect(shipped).toEqual(
    expect.arrayContaining(['src', 'commands', 'package.json', 'LICENSE', '/app/node_modules']),
  );
});

test('it runs node itself, not as root, and owns only /data', () => {
  expect(the('CMD')).toEqual(['["node", "--max-semi-space-size=4", "src/main.ts"]']);
  expect(the('ENTRYPOINT', steps)).toEqual([]);
  expect(the('USER')).toEqual(['10001:10001']);
  expect(the('VOLUME')).toEqual(['/data']);
  expect(the('RUN').join()).toContain('chown 10001:10001 /data');
  expect(the('ENV')).toEqual([
    'NODE_ENV=production HTTP_PORT=8080 HTTP_HOST=0.0.0.0 DATABASE_URL=file:/data/parrotfish.db',
  ]);
});

test('its health check, run as it stands, tells a live process from a dead or missing one', async () => {
  const command = /CMD (\[.*\])$/.exec(the('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]';
  const [program, ...args]: string[] = JSON.parse(command);
  expect(program).toBe('node');
  const probe = (port: number | '') =>
    promisify(execFile)(process.execPath, args, { env: { HTTP_PORT: String(port) }, timeout: 15_000 }).then(
      () => 0,
      (error: { code?: unknown }) => error.code,
    );
  let alive = true;
  const metrics = { contentType: 'text/plain', text: () => Promise.resolve('') };
  const options = { host: '127.0.0.1', port: 0, log: createLog('silent', []), ready: () => ({}), metrics };
  const health = await startHealth({ ...options, alive: () => alive });
  try {
    expect(await probe(health.port)).toBe(0);
    alive = false;
    expect(await probe(health.port)).toBe(1);
  } finally {
    await health[Symbol.asyncDispose]();
  }
  expect(await probe(health.port)).toBe(1);
  expect(await probe(''), 'a bot without a health check').toBe(0);
});

test('compose gives it no more than it needs, and time to finish its sentence', () => {
  const { services } = parse(read('compose.yaml'));
  const usual = Object.keys(services).filter(name => !services[name].profiles);
  expect(usual).toEqual(['parrotfish']);
  const { parrotfish } = services;
  expect(parrotfish).toMatchObject({
    build: '.',
    env_file: '.env',
    restart: 'unless-stopped',
    stop_grace_period: '20s',
    init: true,
    read_only: true,
    tmpfs: ['/tmp'],
    volumes: ['data:/data'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    mem_limit: expect.stringMatching(/^\d+m$/),
    logging: { options: { 'max-size': '10m', 'max-file': '3' } },
  });
  for (const right of ['ports', 'privileged', 'cap_add', 'network_mode', 'user'])
    expect(parrotfish).not.toHaveProperty(right);
});

test('Prometheus and Grafana are only started if wanted, with exact versions, and only this machine reaches them', () => {
  const { services } = parse(read('compose.yaml'));
  const { prometheus, grafana } = services;
  for (const service of [prometheus, grafana]) {
    expect(service.profiles).toEqual(['metrics']);
    expect(service.image).toMatch(/:v?\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    const mounted = (service.volumes as string[]).filter(volume => volume.startsWith('./'));
    for (const volume of mounted) {
      const [from = '', , mode] = volume.split(':');
      expect([existsSync(`${ROOT}/${from}`), mode]).toEqual([true, 'ro']);
    }
  }
  expect(prometheus).not.toHaveProperty('ports');
  expect(grafana.ports).toEqual(['127.0.0.1:3000:3000']);
  const { scrape_configs: jobs } = parse(read('docs/operate/prometheus/prometheus.yml'));
  expect(jobs[0].static_configs[0].targets).toEqual(['parrotfish:8080']);
});

test('PostgreSQL and further processes are only started if wanted; these are like the first one', () => {
  const { services, volumes } = parse(read('compose.yaml'));
  const { postgres, more } = services;
  expect(postgres).toMatchObject({
    profiles: ['postgres'],
    cap_drop: ['ALL'],
    mem_limit: expect.any(String),
  });
  expect(postgres.image).toMatch(/^postgres:\d+\.\d+$/);
  expect(postgres).not.toHaveProperty('ports');
  const [volume = ''] = (postgres.volumes as string[]).map(one => one.split(':')[0]);
  expect(Object.keys(volumes)).toContain(volume);
  expect(more).toEqual({ profiles: ['scale'], extends: { service: 'parrotfish' }, deploy: { replicas: 3 } });
});

test('compose takes the image that is named, and without one builds its own under a name that nobody can offer', () => {
  const { image, pull_policy: policy } = parse(read('compose.yaml')).services.parrotfish;
  expect(image).toBe('${PARROTFISH_IMAGE:-localhost/parrotfish}');
  expect(policy).toBe('if_not_present');
});

test('the secrets of the overlay are the variables that may be given as files', () => {
  const { services, secrets } = parse(read('docs/operate/compose.secrets.yaml'));
  const { environment, secrets: given }: { environment: Record<string, string>; secrets: string[] } =
    services.parrotfish;
  const files = SECRETS.map(name => `${name}_FILE`);
  expect(files).toEqual(expect.arrayContaining(Object.keys(environment)));
  expect(Object.values(environment)).toEqual(given.map(name => `/run/secrets/${name}`));
  expect(Object.keys(secrets)).toEqual(given);
  expect(read('.gitignore')).toContain('\nsecrets/\n');
});
