import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Edit, Mutant } from './mutant.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COPIED = ['src', 'commands', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];
const TESTS_MS = 300_000;

/** What became of some tests: `none`: there are no such tests; `broken`: they could not be run. */
export type Verdict = 'passed' | 'failed' | 'none' | 'broken';

/** A copy of the repository that is changed and tested, and goes away with the process. */
export class Scratch implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'parrotfish-mutants-'));

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.#directory, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.#directory, 'node_modules'));
  }

  /** The edits whose text does not stand in its file exactly once. */
  stale({ edits }: Mutant): readonly Edit[] {
    return edits.filter(({ file, text }) => this.#read(file).split(text).length !== 2);
  }

  /** Runs a mutant's tests, with its edits or without. */
  async test({ edits, test, named }: Mutant, { mutated }: { mutated: boolean }): Promise<Verdict> {
    const originals = new Map(edits.map(({ file }) => [file, this.#read(file)]));
    try {
      if (mutated)
        // A function, for `$` in the text means itself.
        for (const { file, text, instead } of edits)
          this.#write(
            file,
            this.#read(file).replace(text, () => instead),
          );
      return await this.#run(test, named);
    } finally {
      for (const [file, content] of originals) this.#write(file, content);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #run(test: string, named: string | undefined): Promise<Verdict> {
    const results = join(this.#directory, 'results.json');
    rmSync(results, { force: true });
    const pattern = named?.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const options = ['run', test, '--bail=1', '--reporter=json', `--outputFile=${basename(results)}`];
    const all = [vitest, ...options, ...(pattern === undefined ? [] : ['--testNamePattern', pattern])];
    await new Promise<void>(resolve => {
      execFile(process.execPath, all, { cwd: this.#directory, timeout: TESTS_MS }, () => resolve());
    });
    return verdictOf(results);
  }

  #read(file: string): string {
    return readFileSync(join(this.#directory, file), 'utf8');
  }

  #write(file: string, content: string): void {
    writeFileSync(join(this.#directory, file), content);
  }
}

function verdictOf(results: string): Verdict {
  let content: string;
  try {
    content = readFileSync(results, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'broken';
    throw error;
  }
  const { success, numFailedTests, numPassedTests } = JSON.parse(content) as Record<string, number | boolean>;
  if (Number(numFailedTests) > 0) return 'failed';
  if (success !== true) return 'broken';
  return Number(numPassedTests) > 0 ? 'passed' : 'none';
}
