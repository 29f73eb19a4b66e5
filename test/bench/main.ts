import { HELP_OPTION, parsed, UsageError } from '../../src/terminal/command-line.ts';
import { readOrEnd } from '../support/command-line.ts';
import type { Row } from './figures.ts';

/** Each is loaded when its turn comes. */
const PARTS: Readonly<Record<string, () => Promise<Row[]>>> = {
  container: async () => (await import('./container.ts')).containerRows(),
  split: async () => (await import('./split.ts')).splitRows(),
  boot: async () => (await import('./boot.ts')).bootRows(),
  socket: async () => (await import('./socket.ts')).socketRows(),
  start: async () => (await import('./start.ts')).startRows(),
  speaking: async () => (await import('./speaking.ts')).speakingRows(),
  pace: async () => (await import('./pace.ts')).paceRows(),
  text: async () => (await import('./text.ts')).textRows(),
  library: async () => (await import('./library.ts')).libraryRows(),
  store: async () => (await import('./store.ts')).storeRows(),
};
const NAMES = Object.keys(PARTS).join(', ');

const HELP = `npm run bench -- [parts]    measures how fast the parts are, each beside its floor and the usual way

Parts: ${NAMES}. Without any, all of them.

  -h, --help              this

Machines are noisy: trust ratios and medians, and read a p99 only beside its control.
Ends with 0 if all targets are met, else with 1.
`;

const { wanted } = readOrEnd(HELP, () => {
  const { values, positionals } = parsed({ options: HELP_OPTION, allowPositionals: true });
  const unknown = positionals.find(name => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) throw new UsageError(`There is no part "${unknown}", only ${NAMES}`);
  return { values, wanted: positionals.length > 0 ? positionals : Object.keys(PARTS) };
});

console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
let missed = 0;
for (const name of wanted) {
  console.error(`  … measuring ${name}`);
  for (const row of (await PARTS[name]?.()) ?? []) {
    const verdict = row.met === null ? '–' : row.met ? '✓' : '✗';
    console.log(
      `${verdict} ${row.id}  ${row.what}\n      ours    ${row.ours}\n      beside  ${row.beside}\n      target  ${row.target}`,
    );
    if (row.met === false) missed += 1;
  }
}
console.log(missed === 0 ? '\nAll targets are met.' : `\n${missed} missed.`);
process.exit(missed === 0 ? 0 : 1);
