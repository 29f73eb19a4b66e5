import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { UNWIND_MS } from '../src/process-end.ts';
import { NAMES } from '../src/variables.ts';

// The manifests of docs/operate/kubernetes/. The package kubernetes-types has the types that are made of the schemas
// which Kubernetes publishes, so the compiler finds fields that are unknown or of a wrong type.

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/operate/kubernetes');
const CACHE = join(ROOT, 'node_modules/.cache');

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

const manifests = new Map(
  readdirSync(FOLDER)
    .filter(name => name.endsWith('.yaml'))
    .map(name => [name, parse(readFileSync(join(FOLDER, name), 'utf8')) as Manifest]),
);

/** What Kubernetes' schemas have against each of these manifests, by name: the compiler's lines. */
function faultsOf(named: ReadonlyMap<string, Manifest>): ReadonlyMap<string, readonly string[]> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'manifests-'));
  try {
    for (const [name, manifest] of named) {
      const { apiVersion, kind } = manifest;
      const from = apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`;
      const source = `export const one: import('kubernetes-types/${from}').${kind} = ${JSON.stringify(manifest)};\n`;
      writeFileSync(join(folder, `${name}.ts`), source);
    }
    const files = [...named.keys()].map(name => join(folder, `${name}.ts`));
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--moduleResolution',
      'bundler',
      '--ignoreConfig',
    ];
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const { stdout, error } = spawnSync(tsc, [...options, ...files], { cwd: ROOT, encoding: 'utf8' });
    if (error) throw error;
    const lines = stdout.split('\n');
    return new Map(
      [...named.keys()].map(name => [name, lines.filter(line => line.includes(`/${name}.ts(`))]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the manifests are as Kubernetes wants them, and a fault in one would be found', () => {
  const text = readFileSync(join(FOLDER, 'deployment.yaml'), 'utf8');
  const broken = (from: string, to: string) => parse(text.replace(from, to)) as Manifest;
  const all = new Map([
    ...manifests,
    ['misspelt', broken('failureThreshold:', 'failureThreshhold:')],
    ['mistyped', broken('replicas: 3', 'replicas: three')],
    ['unknown', broken('kind: Deployment', 'kind: Deploymint')],
  ]);
  const faults = faultsOf(all);
  for (const name of manifests.keys()) expect([name, faults.get(name)]).toEqual([name, []]);
  for (const name of ['misspelt', 'mistyped', 'unknown'])
    expect([name, faults.get(name)?.length]).toEqual([name, 1]);
});

test('the processes share shards, know the variables, and have time to end', () => {
  const { spec } = manifests.get('deployment.yaml') as unknown as Deployment;
  const pod = spec.template.spec;
  const [container] = pod.containers;
  const names = container?.env.map(({ name }) => name) ?? [];
  expect(names.filter(name => !NAMES.has(name))).toEqual([]);
  expect(container?.env).toContainEqual({ name: 'SHARDS', value: 'shared' });
  expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(UNWIND_MS);
  expect(container?.livenessProbe.httpGet.path).toBe('/healthz'); // a red /readyz must not end the process
  expect(container?.readinessProbe.httpGet.path).toBe('/readyz');
  const budget = manifests.get('disruption-budget.yaml') as unknown as Pick<Deployment, 'spec'>;
  expect(budget.spec.selector).toEqual(spec.selector);
});

interface Probe {
  readonly httpGet: { readonly path: string };
}

interface Deployment {
  readonly spec: {
    readonly selector: object;
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly {
          readonly env: readonly { readonly name: string; readonly value: string }[];
          readonly livenessProbe: Probe;
          readonly readinessProbe: Probe;
        }[];
      };
    };
  };
}
