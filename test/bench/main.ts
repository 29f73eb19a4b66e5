import { bootRows } from './boot.ts';
import { containerRows } from './container.ts';
import type { Row } from './figures.ts';
import { libraryRows } from './library.ts';
import { paceRows } from './pace.ts';
import { socketRows } from './socket.ts';
import { splitRows } from './split.ts';
import { startRows } from './start.ts';
import { storeRows } from './store.ts';
import { textRows } from './text.ts';

/**
 * `npm run bench`: each figure beside its floor and the usual way, measured in the same run. Machines are noisy:
 * trust ratios and medians, and read a p99 only beside its control. Ends with exit code 1 if a target is missed.
 */

const PARTS: readonly (() => Row[] | Promise<Row[]>)[] = [
  containerRows,
  splitRows,
  bootRows,
  socketRows,
  startRows,
  paceRows,
  textRows,
  libraryRows,
  storeRows,
];

console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
let missed = 0;
for (const part of PARTS) {
  for (const row of await part()) {
    const verdict = row.met === null ? '–' : row.met ? '✓' : '✗';
    console.log(
      `${verdict} ${row.id}  ${row.what}\n      ours    ${row.ours}\n      beside  ${row.beside}\n      target  ${row.target}`,
    );
    if (row.met === false) missed += 1;
  }
}
console.log(missed === 0 ? '\nAll targets are met.' : `\n${missed} missed.`);
process.exit(missed === 0 ? 0 : 1);
