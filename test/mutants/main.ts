import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants.ts';
import type { Mutant } from './mutant.ts';
import { Scratch } from './scratch.ts';

/**
 * `npm run mutants -- [words]`: takes out each wall, check and gate of the list, one after another, in a copy of the
 * repository, and runs the tests that are to notice. Prints those that nobody noticed, and ends with exit code 1 if
 * there are any. `words`: only mutants whose name or file has one of them.
 */

const { positionals } = parseArgs({ allowPositionals: true });
const wanted = MUTANTS.filter(
  ({ name, edits }) =>
    positionals.length === 0 ||
    positionals.some(word => name.includes(word) || edits.some(({ file }) => file.includes(word))),
);

/** What tests say of the program as it is, by their file and name: a test that fails anyway notices nothing. */
const usual = new Map<string, Promise<string>>();

async function look(scratch: Scratch, mutant: Mutant): Promise<string | null> {
  const [stale] = scratch.stale(mutant);
  if (stale) return `its text stands in ${stale.file} not at all, or more than once`;
  const key = JSON.stringify([mutant.test, mutant.named]);
  if (!usual.has(key)) usual.set(key, scratch.test(mutant, { mutated: false }));
  const before = await usual.get(key);
  if (before !== 'passed') return `without it its tests are: ${before}`;
  const after = await scratch.test(mutant, { mutated: true });
  if (after === 'failed') return null;
  return after === 'passed' ? 'SURVIVED: no test noticed' : `with it its tests are: ${after}`;
}

using scratch = new Scratch();
const problems: string[] = [];
for (const [index, mutant] of wanted.entries()) {
  const problem = await look(scratch, mutant);
  console.log(`${index + 1}/${wanted.length} ${problem === null ? 'noticed' : problem}: ${mutant.name}`);
  if (problem !== null) problems.push(`${mutant.name} (${mutant.test}): ${problem}`);
}
console.log(`${wanted.length - problems.length} of ${wanted.length} mutants noticed`);
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 || wanted.length === 0 ? 1 : 0;
