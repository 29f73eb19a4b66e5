import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { HELP_OPTION, parsed, UsageError } from '../../src/terminal/command-line.ts';
import { readOrEnd, wholeNumber } from '../support/command-line.ts';
import { TARGETS, type TargetName } from './names.ts';
import type { FuzzFailure } from './target.ts';
import type { FuzzJob } from './worker.ts';

const HELP = `npm run fuzz -- [options]    gives the parts that meet strangers' bytes whatever chance makes

  --target <name>         only this one, and it may be given again: ${TARGETS.join(', ')}
  --cases <number>        how many cases each target is given; 100000 without it
  --seed <number>         where chance begins; 1 without it
  --from <number>         the first case; 0 without it
  -h, --help              this

A case that fails is shortened and printed, with the options by which it is run again.
Ends with 0 if no case fails or hangs, else with 1.
`;

/** A case takes well under a millisecond; one that takes so long is counted as endless. */
const HANGS_AFTER_MS = 20_000;
const LOOK_MS = 1_000;

const { names, cases, seed, from } = readOrEnd(HELP, () => {
  const { values } = parsed({
    options: {
      cases: { type: 'string', default: '100000' },
      target: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      ...HELP_OPTION,
    },
  });
  const chosen = TARGETS.filter(name => values.target?.includes(name) ?? true);
  if (values.target?.some(name => !TARGETS.some(known => known === name)))
    throw new UsageError(`--target must be one of ${TARGETS.join(', ')}`);
  return {
    values,
    names: chosen,
    cases: wholeNumber('cases', values.cases, 1),
    seed: wholeNumber('seed', values.seed),
    from: wholeNumber('from', values.from),
  };
});

let failed = 0;
const left = [...names];
const lanes = Math.min(left.length, availableParallelism());
console.log(`${cases} cases each for ${names.join(', ')}, ${lanes} at a time …`);
await Promise.all(
  Array.from({ length: lanes }, async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) await run(name);
  }),
);
process.exit(failed === 0 ? 0 : 1);

async function run(target: TargetName): Promise<void> {
  const job: FuzzJob = {
    target,
    seed,
    from,
    cases,
    at: new Int32Array(new SharedArrayBuffer(4)),
  };
  const began = performance.now();
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: job });
  const over = new AbortController();
  const failure = await Promise.race([
    once(worker, 'message').then(([found]: unknown[]) => found as FuzzFailure | undefined),
    hang(job, over.signal),
  ]);
  over.abort();
  await worker.terminate();
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  if (failure) {
    failed += 1;
    const again = `--target ${target} --seed ${job.seed} --from ${failure.index} --cases 1`;
    console.log(
      `✗ ${target}: case ${failure.index}\n${failure.error}\n  input: ${failure.input}\n  again: ${again}`,
    );
  } else console.log(`✓ ${target}: ${job.cases} cases in ${seconds} s`);
}

/** Resolves when one case takes far too long; never, when the run is over before. */
async function hang({ target, seed, at }: FuzzJob, over: AbortSignal): Promise<FuzzFailure> {
  let [index, since] = [-1, performance.now()];
  while (performance.now() - since < HANGS_AFTER_MS) {
    await sleep(LOOK_MS, undefined, { signal: over }).catch(() => new Promise(() => undefined));
    const now = Atomics.load(at, 0);
    if (now !== index) [index, since] = [now, performance.now()];
  }
  return { target, seed, index, error: `no end within ${HANGS_AFTER_MS} ms`, input: '(run it again to see)' };
}
