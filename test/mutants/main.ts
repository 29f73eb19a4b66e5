import { HELP_OPTION, parsed, UsageError } from '../../src/terminal/command-line.ts';
import { readOrEnd } from '../support/command-line.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { Scratch } from './scratch.ts';

const HELP = `npm run mutants -- [words]    takes out each check that keeps people safe, and says which of them no test misses

Each is taken out of a copy of the repository, one after another, and the tests that are to notice are run. With words:
only those whose name or file has one of them.

  -h, --help              this

Ends with 0 if each was noticed, else with 1.
`;

const { wanted } = readOrEnd(HELP, () => {
  const { values, positionals } = parsed({ options: HELP_OPTION, allowPositionals: true });
  const chosen = MUTANTS.filter(
    ({ name, edits }) =>
      positionals.length === 0 ||
      positionals.some(word => name.includes(word) || edits.some(({ file }) => file.includes(word))),
  );
  if (chosen.length === 0)
    throw new UsageError(`No mutant has ${positionals.join(' or ')} in its name or file`);
  return { values, wanted: chosen };
});

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

console.log(`${wanted.length} of ${MUTANTS.length} mutants, one after another; tests run twice for each …`);
using scratch = new Scratch();
const problems: string[] = [];
for (const [index, mutant] of wanted.entries()) {
  const problem = await look(scratch, mutant);
  console.log(`${index + 1}/${wanted.length} ${problem === null ? 'noticed' : problem}: ${mutant.name}`);
  if (problem !== null) problems.push(`${mutant.name} (${mutant.test}): ${problem}`);
}
console.log(`${wanted.length - problems.length} of ${wanted.length} mutants noticed`);
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
