import { expect, test } from 'vitest';
import { FishError } from '../../src/fish/errors.ts';
import { type Asked, aheadOf, whySilent } from '../../src/operator/ask.ts';
import { clockFinding } from '../../src/operator/clock.ts';
import { discordFindings } from '../../src/operator/discord-account.ts';
import { bad, good, lineOf, unknown } from '../../src/operator/finding.ts';
import { fishFindings } from '../../src/operator/fish-account.ts';
import { modelFindingOf } from '../../src/operator/language-model.ts';
import {
  nodeFinding,
  packagesFinding,
  toolchainFinding,
  toolsIn,
  udpFinding,
} from '../../src/operator/machine.ts';

const answered = (json: unknown, status = 200): Asked => ({ kind: 'answered', status, json, aheadMs: 0 });

test('a finding is one line, whatever names are in it', () => {
  expect(lineOf(good('Node', 'v24'))).toBe('✓ Node: v24');
  expect(lineOf(unknown('Clock', 'not known'))).toBe('– Clock: not known');
  expect(lineOf(bad('Disk', 'is full', 'make room'))).toBe('✗ Disk: is full. What to do: make room');
  expect(lineOf(good('Bot', 'a\nb\u001b[31mc\u202e'))).toBe('✓ Bot: a b [31mc ');
});

test.each([
  [{ Discord: 0, 'Fish Audio': 900 }, 'good'],
  [{ Discord: null, 'Fish Audio': 59_000 }, 'good'],
  [{ Discord: 61_000, 'Fish Audio': 0 }, 'bad'],
  [{ Discord: null, 'Fish Audio': -7_200_000 }, 'bad'],
  [{ Discord: null, 'Fish Audio': null }, 'unknown'],
] as const)('clocks that are ahead by %j are %s', (others, verdict) => {
  expect(clockFinding(others).verdict).toBe(verdict);
});

test('a clock that is off is told in minutes or hours, with the side', () => {
  expect(clockFinding({ Discord: 600_000 }).detail).toContain('10 min behind that of Discord');
  expect(clockFinding({ Discord: -7_200_000 }).detail).toContain('2 h ahead of that of Discord');
});

test('a Date header is read, and one that is none is not', () => {
  expect(aheadOf('Sat, 28 Nov 2026 12:00:00 GMT', Date.UTC(2026, 10, 28, 11, 59, 0))).toBe(60_500);
  expect(aheadOf('yesterday')).toBeNull();
  expect(aheadOf(null)).toBeNull();
});

test('why nobody answers is told in words, with the code, and never with the message of the error', () => {
  const failed = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
  expect(whySilent(failed('ENOTFOUND'))).toBe('its name cannot be found (ENOTFOUND)');
  expect(whySilent(failed('DEPTH_ZERO_SELF_SIGNED_CERT'))).toMatch(/certificate is not trusted/);
  expect(whySilent(new DOMException('x', 'TimeoutError'))).toMatch(/no answer within 10 s/);
  expect(whySilent(new Error('canary'))).not.toContain('canary');
});

test.each([
  [1 << 18, 'good'],
  [1 << 19, 'good'],
  [(1 << 15) | (1 << 13), 'bad'],
  [undefined, 'bad'],
] as const)('with the flags %s of the application, reading chat is %s', (flags, verdict) => {
  const application = answered({ id: '42', flags });
  const findings = discordFindings(
    { user: answered({ id: '42', username: 'p' }), application, gateway: answered({}) },
    '',
  );
  expect(findings.find(({ thing }) => thing === 'Message Content Intent')?.verdict).toBe(verdict);
});

test.each([
  [429, /too many requests/],
  [503, /not well.*503/],
  [200, /not Discord's API/],
  [302, /not Discord's API/],
])('Discord answers with HTTP %i and something else', (status, words) => {
  const strange = answered('<html>', status);
  const [finding, ...more] = discordFindings(
    { user: strange, application: strange, gateway: strange },
    'https://d',
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ verdict: 'bad', detail: expect.stringMatching(words), remedy: /./ });
});

const access = { url: 'https://fish', apiKey: 'k', model: 's2.1-pro', concurrency: 'auto' } as const;
const socket = { ms: 12, limit: 5 };
const found = (answers: Omit<Parameters<typeof fishFindings>[0], 'aheadMs'>, more = {}) =>
  fishFindings({ ...answers, aheadMs: null }, { ...access, ...more }).map(
    each => `${each.verdict} ${each.thing}`,
  );

test.each([
  [-0.000_08, '$0.00'],
  [0.004, '$0.00'],
  [-3.2, '$-3.20'],
])('a credit of %d dollars is told as %s', (creditUsd, told) => {
  const [, credit] = fishFindings({ account: { creditUsd }, socket, aheadMs: null }, access);
  expect(credit?.detail).toContain(`(${told})`);
});

test('Fish Audio: what each pair of answers means', () => {
  const fault = (kind: ConstructorParameters<typeof FishError>[0]) => new FishError(kind, 'told');
  const well = ['good Fish Audio key', 'good Fish Audio credit', 'good Fish Audio limit', 'good Live socket'];
  expect(found({ account: { creditUsd: 3 }, socket })).toEqual(well);
  expect(found({ account: fault('unauthorized'), socket: fault('unauthorized') })).toEqual([
    'bad Fish Audio key',
  ]);
  expect(found({ account: { creditUsd: 3 }, socket: fault('unauthorized') })).toEqual(['bad Fish Audio key']);
  expect(found({ account: fault('network'), socket: fault('network') })).toEqual(['bad Fish Audio']);
  expect(found({ account: fault('timeout'), socket })).toEqual([
    'unknown Fish Audio key',
    'unknown Fish Audio credit',
    ...well.slice(2),
  ]);
  expect(found({ account: { creditUsd: null }, socket })).toEqual([
    well[0],
    'unknown Fish Audio credit',
    ...well.slice(2),
  ]);
  expect(found({ account: { creditUsd: null }, socket: fault('not-found') })).toEqual(['bad Fish Audio']);
  expect(found({ account: { creditUsd: 3 }, socket: fault('not-found') })).toContain('bad Live socket');
  expect(found({ account: fault('payment'), socket: fault('payment') })).toEqual([
    'good Fish Audio key',
    'bad Fish Audio credit',
    'unknown Fish Audio limit',
    'bad Live socket',
  ]);
  expect(found({ account: { creditUsd: 0 }, socket }, { model: 's2.1-pro-free' })).toEqual(well);
});

test('the language model: what a list of models says', () => {
  const list = answered({ data: [{ id: 'llama3.2:latest' }, { id: 'other' }] });
  expect(modelFindingOf(list, 'llama3.2').verdict).toBe('good');
  expect(modelFindingOf(list, 'gone')).toMatchObject({
    verdict: 'bad',
    remedy: expect.stringContaining('other'),
  });
  const wide = answered({ data: [{ id: 'models/gemini' }, { id: 'vendor/chat' }] });
  expect(modelFindingOf(wide, 'gemini').verdict).toBe('good');
  expect(modelFindingOf(wide, 'vendor/chat:online').verdict).toBe('good');
  expect(modelFindingOf(wide, 'chat').verdict).toBe('bad');
  const llamaCpp = answered({ data: [{ id: '/models/file.gguf', owned_by: 'llamacpp' }] });
  expect(modelFindingOf(llamaCpp, 'any').verdict).toBe('good');
  expect(modelFindingOf(answered({}, 401), 'm')).toMatchObject({
    verdict: 'bad',
    remedy: 'check LLM_API_KEY',
  });
  const message = 'You have insufficient permissions for this operation. Missing scopes: api.model.read.';
  for (const status of [401, 403]) // a key of OpenAI that is good for questions alone
    expect(modelFindingOf(answered({ error: { message } }, status), 'm').verdict).toBe('unknown');
  for (const status of [404, 405, 429, 500])
    expect(modelFindingOf(answered('no', status), 'm').verdict).toBe('unknown');
  expect(modelFindingOf({ kind: 'silent', why: 'x' }, 'm').verdict).toBe('bad');
});

test('the machine: Node, packages, datagrams', async () => {
  expect(nodeFinding('v24.0.0').verdict).toBe('good');
  expect(nodeFinding('v25.1.0').verdict).toBe('good');
  expect(nodeFinding('v22.18.0').verdict).toBe('bad');
  const packages = { a: async () => 1, b: () => Promise.reject(new Error('no binary')) };
  const broken = { verdict: 'bad', detail: expect.stringMatching(/^b cannot be loaded/) };
  expect(await packagesFinding(packages, ['make'])).toMatchObject({
    ...broken,
    remedy: 'on Debian and Ubuntu `apt install python3 g++`; then run `npm ci` again',
  });
  const all = toolsIn('/a:/b', path => ['/a/make', '/b/g++', '/b/python3'].includes(path));
  expect(await packagesFinding(packages, all)).toMatchObject({ ...broken, remedy: 'run `npm ci` again' });
  expect(toolchainFinding(all).verdict).toBe('good');
  expect(toolchainFinding(toolsIn('/a:/b', path => path === '/a/make')).verdict).toBe('unknown');
  expect((await udpFinding('host', async () => null)).verdict).toBe('good');
  expect((await udpFinding('host', async () => 'EPERM')).verdict).toBe('bad');
  expect((await udpFinding('host', async () => 'ENOTFOUND')).verdict).toBe('unknown');
});
