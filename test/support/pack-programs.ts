import { hash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import type { TestProject } from 'vitest/node';
import { PACKED_PROGRAMS } from '../sandbox/packed.ts';

// The global setup of the tests that start programs. Loading five hundred files of the bot, and more of its libraries,
// takes most of the processor time of a start, and a run of the tests starts it well over a hundred times. So each run
// packs the programs into a few files, together with all that they import, and the helpers start these. What runs is
// the same code. Tests that use `npm start` and `npm run say` start the sources.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/packed-programs');
/** Packed programs that no run has taken for so long are deleted when others are packed: no run takes longer. */
const OLD_MS = 2 * 60 * 60_000;

/** The programs that tests start, and the modules that they load into them: these have to share what they import. */
const PROGRAMS = [
  'src/main.ts',
  'src/say.ts',
  'src/setup.ts',
  'src/doctor.ts',
  'test/sandbox/main.ts',
  'test/sandbox/end-with-parent.ts',
  'test/support/meddling.ts',
  ...globSync('test/support/preload-*.ts', { cwd: ROOT }),
  'test/support/store-child.ts',
];

/** These load files that are beside them, compiled ones for example, so they stay where they are. */
const NOT_PACKED = [
  /^node:/,
  '@echogarden/espeak-ng-emscripten',
  '@resvg/resvg-js',
  '@snazzah/davey',
  'pino',
  'selfsigned',
  'sodium-native',
  'zlib-sync',
];

/**
 * Each module goes on knowing the file that it was written in, and what lies beside that; but for the program that the
 * store starts, which is packed like the others.
 */
const ownAddress: Plugin = {
  name: 'own-address',
  transform: {
    filter: { code: 'import.meta' },
    handler(code, id) {
      return code
        .replace(/\bnew URL\('(\.\/child\.ts)', import\.meta\.url\)/, (_whole, path: string) => {
          const child = this.emitFile({ type: 'chunk', id: join(dirname(id), path) });
          return `import.meta.ROLLUP_FILE_URL_${child}`;
        })
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(id)));
    },
  },
};

/** Takes the compiled codec itself: its package asks a library where it is, and that takes a tenth of a start. */
const opusCodec: Plugin = {
  name: 'opus-codec',
  resolveId: {
    filter: { id: /^@discordjs\/opus$/ },
    handler: () => '\0opus',
  },
  load: {
    filter: { id: /^\0opus$/ },
    handler: () => {
      const [codec] = globSync(join(ROOT, 'node_modules/@discordjs/opus/prebuild/*/opus.node'));
      if (codec === undefined) throw new Error('@discordjs/opus has not been compiled: run npm ci');
      return `import { createRequire } from 'node:module';
        export default createRequire(${JSON.stringify(import.meta.url)})(${JSON.stringify(codec)});`;
    },
  },
};

/**
 * Packs the programs; `PACKED_PROGRAMS` then says where they are. `npx vitest` goes on watching after its first run,
 * and packs them anew before each further one.
 */
export async function setup(project: Pick<TestProject, 'onTestsRerun'>): Promise<void> {
  await pack();
  project.onTestsRerun(pack);
}

/** Packs the programs as they are now, unless that was done before. */
async function pack(): Promise<void> {
  const input = Object.fromEntries(PROGRAMS.map(path => [path.replace(/\.ts$/, ''), join(ROOT, path)]));
  const build = await rolldown({
    input,
    cwd: ROOT,
    platform: 'node',
    external: NOT_PACKED,
    plugins: [opusCodec, ownAddress],
    treeshake: false,
    logLevel: 'silent',
  });
  const { output } = await build.generate({
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'shared/[name].mjs',
  });
  await build.close();
  const files = output.flatMap(file => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : []));
  const folder = join(CACHE, hash('sha256', JSON.stringify(files)).slice(0, 16));
  if (!existsSync(folder)) {
    deleteOldOnes();
    keep(files, folder);
  }
  const now = new Date();
  utimesSync(folder, now, now);
  process.env[PACKED_PROGRAMS] = folder;
}

/** Writes the files; another run that does the same at the same time finds either all of them or none. */
function keep(files: readonly (readonly [name: string, code: string])[], folder: string): void {
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'draft-'));
  chmodSync(draft, 0o755); // some tests run a program as another user
  for (const [name, code] of files) {
    mkdirSync(dirname(join(draft, name)), { recursive: true });
    writeFileSync(join(draft, name), code);
  }
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true }); // another run was faster
  }
}

function deleteOldOnes(): void {
  if (!existsSync(CACHE)) return;
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    const usedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0; // another run may have deleted it
    if (Date.now() - usedAt > OLD_MS) rmSync(path, { recursive: true, force: true });
  }
}
