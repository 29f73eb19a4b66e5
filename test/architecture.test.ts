import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

// Who may import whom: "from ▶ to"; "from ▷ to" for types alone. A room is a directory, or a file of src/.
const ARROWS = [
  /^(main|start|bot|say|setup|doctor) ▶ /, // the composition roots: of the bot, and of what is used at a terminal
  /^(\S+) [▶▷] \1$/, // within a room
  /^\S+ ▶ (errors|shortened|unless-aborted|walls)$/,
  /^\S+ ▷ (log|config|locale|settings)$/,
  /^config ▶ (variables|given-variables|database-url)$/,
  /^given-variables ▶ database-url$/,
  /^variables ▶ (shards|database-url)$/,
  /^(config|discord) ▷ shards$/,
  /^log ▶ log-output$/,
  /^discord ▶ (voices|llm|speech|text|locale|settings)$/,
  /^store ▶ (settings|database-url)$/,
  /^speech ▶ (fish|audio|call|text)$/,
  /^terminal ▶ (fish|audio|text)$/,
  /^(discord|speech|voices|shards) ▷ store$/,
  /^voices ▶ (fish|audio)$/,
  /^operator ▶ (fish|given-variables|llm|store)$/,
  /^ops ▷ /,
];

/** Packages, and the files that may import them. A package that is new in src/ is given its place here. */
const PACKAGES: Record<string, RegExp> = {
  '@discordjs/voice': /^src\/(audio\/(player|clocked-player)\.ts|call\/.+)$/,
  '@discordjs/opus': /^src\/audio\//,
  '@msgpack/msgpack': /^src\/fish\//,
  '@opentelemetry/api': /^src\/ops\/traces\//,
  '@resvg/resvg-js': /^src\/discord\/usage\/usage-chart\.ts$/,
  'discord.js': /^src\/discord\//,
  'intl-messageformat': /^src\/(locale|text)\//,
  kysely: /^src\/store\//,
  'kysely/migration': /^src\/store\/database\/migrate\.ts$/,
  'kysely-postgres-js': /^src\/store\//,
  'lru-cache': /^src\/(discord|speech|store|text)\//,
  'tinyld/light': /^src\/text\//,
  openai: /^src\/llm\/model\.ts$/,
  pino: /^src\/log\.ts$/,
  postgres: /^src\/store\//,
  'prom-client': /^src\/ops\/metrics\//,
  'sodium-native': /^src\/call\//,
  ws: /^src\/fish\//,
  zod: /^src\/(variables\.ts|settings\/|store\/|fish\/(voices|account|limit)\.ts)/,
};

const IMPORT = /^(?:import|export)\s+(type\s)?\s*(?:([^'";=(]*?)\s*\bfrom\s+)?['"]([^'"]+)['"]/gm;
// A method may be called import.
const DYNAMIC = /(?<!\.|async )\bimport\(\s*(?:['"]([^'"]+)['"])?/g;

/** The import statements of a source text. */
function importsOf(source: string): { readonly target: string; readonly typeOnly: boolean }[] {
  const found = [...source.matchAll(IMPORT)].map(([, type, names = '', target = '']) => {
    const specifiers = /^\{([^}]*)\}$/
      .exec(names)?.[1]
      ?.split(',')
      .filter(name => name.trim() !== '');
    return {
      target,
      typeOnly: Boolean(type) || (specifiers?.every(name => /^\s*type\s/.test(name)) ?? false),
    };
  });
  for (const [, target = '(computed)'] of source.matchAll(DYNAMIC)) found.push({ target, typeOnly: false });
  return found;
}

const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|let|interface|type|enum) (\w+)/gm;

/** The names that a source text exports where it declares them. */
function exportedNames(source: string): string[] {
  // The several heads of a function that can be called in several ways are one name.
  return [...new Set([...source.matchAll(EXPORTED)].map(([, name = '']) => name))];
}

/** The import statements of the file at `path` that the drawing does not have, and uses of the environment. */
function forbidden(path: string, source: string): string[] {
  const wrong = importsOf(source).filter(({ target, typeOnly }) => !isDrawn(path, target, typeOnly));
  const problems = wrong.map(({ target, typeOnly }) => `${path} ${typeOnly ? '▷' : '▶'} ${target}`);
  if (/\bprocess\s*(\?\.|\.|\[['"])env\b/.test(source) && !/^src\/(main|say|setup|doctor)\.ts$/.test(path))
    problems.push(`${path} ▶ process.env`);
  return problems;
}

function isDrawn(path: string, target: string, typeOnly: boolean): boolean {
  if (target.startsWith('node:')) return target !== 'node:process';
  if (!target.startsWith('.')) return PACKAGES[target]?.test(path) ?? false;
  const to = posix.join(posix.dirname(path), target);
  if (path.startsWith('commands/'))
    return (
      /^(commands\/[^/]+|src\/discord\/interaction\/[^/]+|src\/errors)\.ts$/.test(to) ||
      (typeOnly && to === 'src/locale/catalogue.ts')
    );
  const kinds = typeOnly ? ['▶', '▷'] : ['▶'];
  return kinds.some(kind => ARROWS.some(arrow => arrow.test(`${roomOf(path)} ${kind} ${roomOf(to)}`)));
}

/** `src/fish/pool.ts` → `fish`, `src/log.ts` → `log`, `commands/say.ts` → `commands`. */
function roomOf(path: string): string {
  const [top = '', room = ''] = path.split('/');
  return top === 'src' ? room.replace(/\.ts$/, '') : top;
}

/** Circles of imports, those of types too, each as the paths that one comes by; `imports` are the edges. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]) => {
    const from = way.indexOf(path);
    if (from >= 0) found.push([...way.slice(from), path]);
    if (done.has(path) || from >= 0) return;
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}

const ROOT = `${import.meta.dirname}/..`;
const sources = new Map(
  globSync('{src,commands}/**/*.ts', { cwd: ROOT }).map(path => [
    path.replaceAll('\\', '/'),
    readFileSync(`${ROOT}/${path}`, 'utf8'),
  ]),
);

test('every import follows an arrow of the drawing', () => {
  expect(sources.size).toBeGreaterThan(20);
  expect([...sources].flatMap(([path, source]) => forbidden(path, source))).toEqual([]);
});

test('no imports go in a circle', () => {
  const targets = (path: string, source: string) =>
    importsOf(source)
      .map(({ target }) => target)
      .filter(target => target.startsWith('.'))
      .map(target => posix.join(posix.dirname(path), target));
  expect(circles(new Map([...sources].map(([path, source]) => [path, targets(path, source)])))).toEqual([]);
});

test('each floor of the side of the gateway uses only those below it', () => {
  const floors = ['gateway', 'presence', 'chat', 'lines'];
  const floorOf = (path: string) => floors.indexOf(/^src\/discord\/([^/]+)\//.exec(path)?.[1] ?? '');
  const upwards = [...sources].flatMap(([path, source]) =>
    importsOf(source)
      .map(({ target }) => posix.join(posix.dirname(path), target))
      .filter(to => floorOf(to) >= 0 && floorOf(to) < floorOf(path))
      .map(to => `${path} ▶ ${to}`),
  );
  expect(upwards).toEqual([]);
});

test('no two exported names are alike', () => {
  const places = new Map<string, string[]>();
  for (const [path, source] of sources)
    for (const name of exportedNames(source)) places.set(name, [...(places.get(name) ?? []), path]);
  // A migration is named after the tables that it makes, and a command after what people type.
  const isFree = (path: string) => path.startsWith('commands/') || path.startsWith('src/store/migrations/');
  const alike = [...places].filter(([, paths]) => paths.filter(path => !isFree(path)).length > 1);
  expect(alike.map(([name, paths]) => `${name}: ${paths.join(', ')}`)).toEqual([]);
});

test('the sandbox shares nothing with the bot, which it only starts', () => {
  const found = globSync('test/sandbox/**/*.ts', { cwd: ROOT }).flatMap(path =>
    importsOf(readFileSync(`${ROOT}/${path}`, 'utf8'))
      .filter(({ target }) => target.startsWith('.'))
      .map(({ target }) => posix.join(posix.dirname(path.replaceAll('\\', '/')), target))
      .filter(target => /^(?:src|commands)\//.test(target))
      .map(target => `${path} ▶ ${target}`),
  );
  expect(found).toEqual([]);
});

test('circles are found', () => {
  const imports = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['d'], e: ['a'] };
  expect(circles(new Map(Object.entries(imports)))).toEqual([
    ['a', 'b', 'c', 'a'],
    ['d', 'd'],
  ]);
});

test.each([
  ['src/fish/pool.ts', "import { CallLink } from '../call/link.ts';"],
  ['src/fish/pool.ts', "import type { CallLink } from '../call/link.ts';"],
  ['src/audio/player.ts', "import {\n  a,\n  b,\n} from '../fish/speak.ts';"],
  ['src/audio/player.ts', "export { a } from '../speech/session.ts';"],
  ['src/text/emoji.ts', "import '../main.ts';"],
  ['src/speech/session.ts', "const a = await import('../discord/client.ts');"],
  ['src/speech/session.ts', 'const a = await import(name);'],
  ['src/speech/session.ts', "import { type Store, open } from '../store/store.ts';"],
  ['src/ops/health.ts', "import { Fish } from '../fish/fish.ts';"],
  ['src/discord/gateway/client.ts', "import { createLog } from '../../log.ts';"],
  ['src/discord/gateway/client.ts', "import type { FishError } from '../../fish/errors.ts';"],
  ['src/speech/session.ts', "import { WebSocket } from 'ws';"],
  ['src/audio/cushion.ts', "import { createAudioResource } from '@discordjs/voice';"],
  ['src/call/link.ts', "import type { Client } from 'discord.js';"],
  ['src/text/emoji.ts', "import leftPad from 'left-pad';"],
  ['commands/say.ts', "import { SlashCommandBuilder } from 'discord.js';"],
  ['commands/say.ts', "import type { Session } from '../src/speech/session.ts';"],
  ['src/config.ts', 'const token = process.env.DISCORD_TOKEN;'],
  ['src/fish/fish.ts', "import { env } from 'node:process';"],
])('an arrow that is not drawn is found: %s %s', (path, source) => {
  expect(forbidden(path, source)).toHaveLength(1);
});

test.each([
  ['src/speech/session.ts', "import { speak } from '../fish/speak.ts';\nimport { a } from './queue.ts';"],
  ['src/speech/session.ts', "import { type Store, type Row } from '../store/store.ts';"],
  ['src/ops/health.ts', "import type { Fish } from '../fish/fish.ts';"],
  ['src/bot.ts', "import { commands } from '../commands/index.ts';"],
  ['src/main.ts', "import { start } from './start.ts';\nawait start(process.env);"],
  ['src/call/link.ts', "import type { Logger } from '../log.ts';\nimport { once } from 'node:events';"],
  ['commands/say.ts', "import { UserError } from '../src/errors.ts';"],
])('an arrow that is drawn is not: %s %s', (path, source) => {
  expect(forbidden(path, source)).toEqual([]);
});
