import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP_OPTION, parsed, UsageError } from '../../src/terminal/command-line.ts';
import { readOrEnd } from '../support/command-line.ts';
import type { Row } from './figures.ts';
import { inLines, load, reportOf, tableOf } from './report.ts';

interface Part {
  readonly ids: readonly string[];
  /** It is loaded when its turn comes. */
  readonly rows: () => Promise<Row[]>;
}

const PARTS: Readonly<Record<string, Part>> = {
  container: { ids: ['B8'], rows: async () => (await import('./container.ts')).containerRows() },
  split: { ids: ['B9'], rows: async () => (await import('./split.ts')).splitRows() },
  boot: { ids: ['B11'], rows: async () => (await import('./boot.ts')).bootRows() },
  socket: { ids: ['B2', 'B19'], rows: async () => (await import('./socket.ts')).socketRows() },
  start: { ids: ['B1', 'B7'], rows: async () => (await import('./start.ts')).startRows() },
  speaking: { ids: ['B3'], rows: async () => (await import('./speaking.ts')).speakingRows() },
  whole: { ids: ['B4'], rows: async () => (await import('./whole.ts')).wholeRows() },
  crowd: { ids: ['B5', 'B6'], rows: async () => (await import('./crowd.ts')).crowdRows() },
  memory: { ids: ['B10'], rows: async () => (await import('./memory.ts')).memoryRows() },
  slope: { ids: ['B21'], rows: async () => (await import('./slope.ts')).slopeRows() },
  pace: { ids: ['B17'], rows: async () => (await import('./pace.ts')).paceRows() },
  text: { ids: ['B14', 'B20'], rows: async () => (await import('./text.ts')).textRows() },
  library: { ids: ['B15'], rows: async () => (await import('./library.ts')).libraryRows() },
  store: { ids: ['B18'], rows: async () => (await import('./store.ts')).storeRows() },
  account: { ids: ['B22'], rows: async () => (await import('./account.ts')).accountRows() },
};
const NAMES = Object.entries(PARTS).map(([name, { ids }]) => `${name} (${ids.join(', ')})`);
const NAMES_A_LINE = 5;
const LINES_OF_NAMES = NAMES.flatMap((_, index) =>
  index % NAMES_A_LINE === 0 ? [`  ${NAMES.slice(index, index + NAMES_A_LINE).join(', ')}`] : [],
).join(',\n');

const HELP = `npm run bench -- [options] [parts]    measures how fast the parts are, each beside its floor and the usual way

Without a part all of them are measured. The parts, and their rows:
${LINES_OF_NAMES}

  --only ROW              only the part with this row, such as B5; may be given several times
  --keep FOLDER           keeps the run in this folder: report.json, table.md and plots
  -h, --help              this

Machines are noisy: trust ratios and medians, and read a p99 only beside its control.
Ends with 0 if all targets are met, else with 1.
`;

/** The names of the parts that these words ask for: names of parts, or ids of rows. */
function partsOf(words: readonly string[]): string[] {
  return words.map(word => {
    const found = Object.entries(PARTS).find(
      ([name, { ids }]) => name === word || ids.includes(word.toUpperCase()),
    );
    if (!found) throw new UsageError(`There is no part or row "${word}", only ${NAMES.join(', ')}`);
    return found[0];
  });
}

const { wanted, folder } = readOrEnd(HELP, () => {
  const options = {
    ...HELP_OPTION,
    only: { type: 'string', multiple: true },
    keep: { type: 'string' },
  } as const;
  const { values, positionals } = parsed({ options, allowPositionals: true });
  const asked = new Set(partsOf([...positionals, ...(values.only ?? [])]));
  return { values, wanted: asked.size > 0 ? [...asked] : Object.keys(PARTS), folder: values.keep };
});

const before = load();
console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
const rows: Row[] = [];
for (const [index, name] of wanted.entries()) {
  console.error(`  … measuring ${name}, part ${index + 1} of ${wanted.length}`);
  const found = (await PARTS[name]?.rows()) ?? [];
  for (const row of found) console.log(inLines(row));
  rows.push(...found);
}
if (folder !== undefined) {
  const report = reportOf(rows, before);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, 'table.md'), `${tableOf(report)}\n`);
  const { drawPlots } = await import('./plots.ts');
  for (const [plot, svg] of Object.entries(drawPlots(rows))) writeFileSync(join(folder, plot), svg);
}
const missed = rows.filter(({ met }) => met === false).length;
console.log(missed === 0 ? '\nAll targets are met.' : `\n${missed} missed.`);
process.exit(missed === 0 ? 0 : 1);
