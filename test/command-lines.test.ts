import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { NODE_COMPILE_CACHE } from './sandbox/bot.ts';
import { packed } from './sandbox/packed.ts';

// Every program that has options explains them, all in one way, and says which one it does not know.

const ROOT = join(import.meta.dirname, '..');
const PROGRAMS = {
  start: 'src/main.ts',
  sandbox: 'test/sandbox/main.ts',
  say: 'src/say.ts',
  setup: 'src/setup.ts',
  doctor: 'src/doctor.ts',
  bench: 'test/bench/main.ts',
  simulate: 'test/simulator/main.ts',
  fuzz: 'test/fuzz/main.ts',
  mutants: 'test/mutants/main.ts',
  pictures: 'test/pictures/main.ts',
} as const;
/** These are packed for the tests, and start sooner so. */
const PACKED: readonly string[] = [
  PROGRAMS.start,
  PROGRAMS.sandbox,
  PROGRAMS.say,
  PROGRAMS.setup,
  PROGRAMS.doctor,
];
const EXIT_USAGE = 64;
/** The bot itself: whoever runs it as a service shall not have it started again. */
const EXIT_CONFIG = 78;
/** Nothing is longer, so that it fits a terminal of usual width beside others. */
const WIDTH = 120;
const PATIENCE_MS = 60_000;

const run = promisify(execFile);
function start(path: string, ...args: string[]) {
  const source = join(ROOT, path);
  const program = PACKED.includes(path) ? packed(pathToFileURL(source)) : source;
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE },
    timeout: PATIENCE_MS,
  });
}

test('these are the programs of package.json that are ours', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const ours = Object.entries(scripts).filter(([, command]) => /\bnode\b/.test(command));
  expect(Object.fromEntries(ours.map(([name, command]) => [name, command.split(' ').at(-1)]))).toEqual(
    PROGRAMS,
  );
});

test.each(Object.entries(PROGRAMS))(
  '%s --help',
  async (name, path) => {
    const { stdout, stderr } = await start(path, '--help');
    expect(stderr).toBe('');
    const [first = '', second, ...others] = stdout.split('\n');
    const command = name === 'start' ? 'npm start' : `npm run ${name}`;
    expect(first).toMatch(new RegExp(`^${command}( -- \\S.*)?    \\S`));
    expect(second).toBe('');
    expect(others.at(-1)).toBe('');
    expect(stdout).toContain('\n  -h, --help              this\n');
    expect(stdout).toMatch(/\nEnds with 0 [^\n]*\.\n$/);
    for (const line of others)
      if (line.startsWith('  -')) expect(line).toMatch(/^  (-h, )?--[a-z-]+.{0,22} \S/);
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(WIDTH);
  },
  PATIENCE_MS,
);

test.each(Object.entries(PROGRAMS))(
  '%s does not know an option, says which, and does nothing',
  async (name, path) => {
    const failure: unknown = await start(path, '--bogus').then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: name === 'start' ? EXIT_CONFIG : EXIT_USAGE,
      stdout: '',
      stderr: "Unknown option '--bogus'. --help shows how it is used.\n",
    });
  },
  PATIENCE_MS,
);

test.each([
  [PROGRAMS.simulate, ['--seed', 'abc'], '--seed must be a whole number, 0 or more'],
  [PROGRAMS.simulate, ['--seeds', '0'], '--seeds must be a whole number, 1 or more'],
  [PROGRAMS.fuzz, ['--cases', '1e3'], '--cases must be a whole number, 1 or more'],
  [PROGRAMS.fuzz, ['--target', 'nope'], '--target must be one of ogg, events, text, import, queue'],
  [PROGRAMS.bench, ['nope'], 'There is no part or row "nope"'],
  [PROGRAMS.mutants, ['nope-nope'], 'No mutant has nope-nope'],
])(
  '%s %j is refused',
  async (path, args, why) => {
    const failure: unknown = await start(path, ...args).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: EXIT_USAGE, stdout: '', stderr: expect.stringContaining(why) });
  },
  PATIENCE_MS,
);
