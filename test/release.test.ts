import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { removeFolder } from './sandbox/folder.ts';

// What can be known of the workflows without GitHub.

const ROOT = join(import.meta.dirname, '..');
const WORKFLOWS = join(ROOT, '.github/workflows');
const run = promisify(execFile);

const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const step = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const job = z.object({
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  uses: z.string().optional(),
  'timeout-minutes': z.number().optional(),
  permissions: permissions.optional(),
  strategy: z.object({ matrix: z.object({ include: z.array(z.record(z.string(), z.string())) }) }).optional(),
  steps: z.array(step).default([]),
});
const workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions,
  jobs: z.record(z.string(), job),
});

const text = (name: string) => readFileSync(join(WORKFLOWS, name), 'utf8');
const read = (name: string) => workflow.parse(parse(text(name)));
const release = read('release.yml');

/** The step of a job of the release whose command or action has `words`. */
function stepWith(of: string, words: string) {
  const found = release.jobs[of]?.steps.find(each => `${each.uses} ${each.run}`.includes(words));
  if (!found) throw new Error(`${of} has no step with ${words}`);
  return found;
}

const folder = mkdtempSync(join(tmpdir(), 'parrotfish-release-'));
afterAll(() => removeFolder(folder));

test.each(readdirSync(WORKFLOWS))(
  '%s pins each action by its commit, and takes no rights but those that it names',
  name => {
    const { permissions: rights, jobs } = read(name);
    expect(rights).toEqual({ contents: 'read' });
    for (const line of text(name)
      .split('\n')
      .filter(each => /\buses:/.test(each)))
      expect(line).toMatch(
        /uses: (\.\/\.github\/workflows\/ci\.yml|[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+)$/,
      );
    for (const [id, { uses, steps, 'timeout-minutes': minutes }] of Object.entries(jobs)) {
      if (uses === undefined) expect(minutes, id).toBeGreaterThan(0);
      for (const each of steps) {
        expect(
          [each.uses, each.run].filter(way => way !== undefined),
          id,
        ).toHaveLength(1);
        // What others can choose, such as the name of a tag, comes in by the environment and not as a part of a script.
        expect(each.run ?? '', id).not.toContain('${{');
      }
    }
  },
);

test('only what has passed all tests is published, by jobs that may write nothing else', () => {
  expect(release.on).toEqual({ push: { tags: ['v*'] } });
  expect(release.jobs['check-and-test']?.uses).toBe('./.github/workflows/ci.yml');
  expect(Object.keys(read('ci.yml').on)).toContain('workflow_call');
  const needs = (id: string): string[] =>
    [release.jobs[id]?.needs ?? []].flat().flatMap(each => [each, ...needs(each)]);
  for (const id of ['image', 'publish', 'release'])
    expect(needs(id)).toEqual(expect.arrayContaining(['check-and-test', 'version']));
  expect(Object.entries(release.jobs).map(([id, { permissions: rights }]) => [id, rights])).toEqual([
    ['check-and-test', undefined],
    ['version', undefined],
    ['image', { contents: 'read', packages: 'write' }],
    ['publish', { packages: 'write' }],
    ['release', { contents: 'write' }],
  ]);
});

test('an image for each kind of processor, with its provenance and the list of what is in it', () => {
  expect(release.jobs['image']?.strategy?.matrix.include.map(({ arch }) => arch)).toEqual(['amd64', 'arm64']);
  expect(stepWith('image', 'docker/build-push-action').with).toMatchObject({
    platforms: 'linux/${{ matrix.arch }}',
    provenance: 'mode=max',
    sbom: true,
  });
});

test('the tags are those of the version, of its minor and of its major version', () => {
  // The action makes `latest` too where the version is no pre-release.
  const { with: options } = stepWith('publish', 'docker/metadata-action');
  const patterns = String(options?.['tags']).trim().split('\n');
  expect(patterns).toEqual(
    ['{{version}}', '{{major}}.{{minor}}', '{{major}}'].map(pattern => `type=semver,pattern=${pattern}`),
  );
});

test('all tags are put on both images at once', async () => {
  const path = join(folder, 'bin');
  mkdirSync(path);
  writeFileSync(join(path, 'docker'), '#!/bin/sh\necho "$*"\n');
  chmodSync(join(path, 'docker'), 0o755);
  const { run: script = '' } = stepWith('publish', 'imagetools create');
  const env = {
    PATH: `${path}:${process.env['PATH']}`,
    IMAGE: 'ghcr.io/ana/parrotfish',
    TAGS: 'ghcr.io/ana/parrotfish:1.2.3\nghcr.io/ana/parrotfish:latest',
    AMD64: 'sha256:aa',
    ARM64: 'sha256:bb',
    GITHUB_REF_NAME: 'v1.2.3',
  };
  expect((await run('bash', ['-e', '-c', script], { env })).stdout).toBe(
    'buildx imagetools create --tag=ghcr.io/ana/parrotfish:1.2.3 --tag=ghcr.io/ana/parrotfish:latest' +
      ' ghcr.io/ana/parrotfish@sha256:aa ghcr.io/ana/parrotfish@sha256:bb\n' +
      'buildx imagetools inspect ghcr.io/ana/parrotfish:1.2.3\n',
  );
});

test('the notes of a release are the section of its version in CHANGELOG.md', async () => {
  mkdirSync(join(folder, '.ci'));
  cpSync(join(ROOT, '.ci/release-notes'), join(folder, '.ci/release-notes'));
  writeFileSync(
    join(folder, 'CHANGELOG.md'),
    '# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-11-28\n\n### Added\n\n- A thing.\n\n## 1.2.2\n\n- An older thing.\n',
  );
  const notes = async (tag: string, version: string) => {
    writeFileSync(
      join(folder, 'package.json'),
      `{\n  "name": "x",\n  "version": "${version}",\n  "private": true\n}\n`,
    );
    return await run(join(folder, '.ci/release-notes'), [tag]);
  };
  expect((await notes('v1.2.3', '1.2.3')).stdout.trim()).toBe('### Added\n\n- A thing.');
  expect((await notes('v1.2.2', '1.2.2')).stdout.trim()).toBe('- An older thing.');
  await expect(notes('v1.2.3', '1.2.30')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('package.json'),
  });
  await expect(notes('v1.2', '1.2')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('CHANGELOG.md'),
  });
});
