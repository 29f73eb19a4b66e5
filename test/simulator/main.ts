import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { HELP_OPTION, parsed } from '../../src/terminal/command-line.ts';
import { readOrEnd, wholeNumber } from '../support/command-line.ts';
import type { SeedOrder, SeedResult } from './seed.ts';

const HELP = `npm run simulate -- [options]    the whole bot under faults and among people that chance draws

  --seeds <number>        how many draws; 20 without it
  --from <number>         the first of them; 1 without it
  --seed <number>         only this one
  --seconds <number>      begin no new one after so long
  --lanes <number>        how many at once; 4 without it
  --verbose               all that was seen, not only what broke a promise
  -h, --help              this

The bot runs between the sandbox's Discord and Fish Audio; the promises are checked from outside.
Ends with 0 if all were kept, else with 1.
`;

const {
  values,
  from,
  count,
  lanes,
  seconds: most,
} = readOrEnd(HELP, () => {
  const { values: given } = parsed({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string', default: '20' },
      from: { type: 'string', default: '1' },
      seconds: { type: 'string' },
      lanes: { type: 'string', default: '4' },
      verbose: { type: 'boolean', default: false },
      ...HELP_OPTION,
    },
  });
  const { seed } = given;
  const number = seed === undefined ? wholeNumber('seeds', given.seeds, 1) : 1;
  return {
    values: given,
    from: seed === undefined ? wholeNumber('from', given.from) : wholeNumber('seed', seed),
    count: number,
    lanes: Math.min(number, wholeNumber('lanes', given.lanes, 1)),
    seconds: given.seconds === undefined ? Infinity : wholeNumber('seconds', given.seconds, 1),
  };
});
const LANE = new URL('lane.ts', import.meta.url);
const deadline = performance.now() + most * 1_000;
console.log(`${count} seeds, ${lanes} at a time; each takes about twenty seconds …`);
const began = performance.now();
const left = Array.from({ length: count }, (_, index) => from + index);
const broken = new Map<string, number[]>();
const results: SeedResult[] = [];

await Promise.all(Array.from({ length: lanes }, runLane));

const failed = new Set([...broken.values()].flat()).size;
const parts = ['start', 'plan', 'until all was said', 'end'].map(
  (name, index) => `${name} ${seconds(median(results.map(result => result.parts[index] ?? 0)))}`,
);
console.log(
  `${results.length - failed} of ${results.length} seeds kept all promises, in ${seconds(performance.now() - began)} s` +
    ` (a seed: median ${seconds(median(results.map(({ ms }) => ms)))} s, longest ${seconds(Math.max(...results.map(({ ms }) => ms)))} s;` +
    ` medians: ${parts.join(', ')} s)`,
);
for (const [promise, seeds] of broken) console.log(`  ✗ ${promise}: ${seeds.join(', ')}`);
process.exit(failed === 0 ? 0 : 1);

/** Runs seeds in a process of its own, until none is left; one that ends is followed by another. */
async function runLane(): Promise<void> {
  let lane = fork(LANE);
  for (let seed = left.shift(); seed !== undefined && performance.now() < deadline; seed = left.shift()) {
    const result = await runIn(lane, seed);
    if (!lane.connected) lane = fork(LANE);
    results.push(result);
    for (const promise of result.broken) broken.set(promise, [...(broken.get(promise) ?? []), result.seed]);
    console.log(result.report || `✓ seed ${result.seed}  ${seconds(result.ms)} s`);
  }
  lane.disconnect();
}

async function runIn(lane: ChildProcess, seed: number): Promise<SeedResult> {
  const over = new AbortController();
  const { signal } = over;
  lane.send({ seed, verbose: values.verbose } satisfies SeedOrder);
  const ended = once(lane, 'exit', { signal }).then(([code]: unknown[]): [SeedResult] => {
    const report = `seed ${seed}: the lane ended with code ${String(code)}`;
    return [{ seed, ms: 0, parts: [], broken: ['the simulator itself'], report }];
  });
  ended.catch(() => undefined); // it is still there
  try {
    const [result] = (await Promise.race([once(lane, 'message', { signal }), ended])) as [SeedResult];
    return result;
  } finally {
    over.abort();
  }
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
