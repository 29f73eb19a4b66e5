import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { FuzzFailure } from './target.ts';
import { FUZZED } from './targets.ts';
import type { FuzzJob } from './worker.ts';

/**
 * `npm run fuzz -- [--cases 1000000] [--target ogg] [--seed 1] [--from 0]`: gives the demuxer, Fish's events, what
 * people write, files to import and the queue whatever chance makes. A case that fails is shortened and printed; it
 * is run again by `--target`, `--seed`, `--from` and `--cases 1`. Ends with exit code 1 if one fails or hangs.
 */

/** A case takes well under a millisecond; one that takes so long is counted as endless. */
const HANGS_AFTER_MS = 20_000;
const LOOK_MS = 1_000;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    target: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
  },
});
const names = values.target ?? Object.keys(FUZZED);
for (const name of names)
  if (!(name in FUZZED))
    throw new Error(`no such target: ${name}; there are ${Object.keys(FUZZED).join(', ')}`);

let failed = 0;
const left = [...names];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) await run(name);
  }),
);
process.exit(failed === 0 ? 0 : 1);

async function run(target: string): Promise<void> {
  const job: FuzzJob = {
    target,
    seed: Number(values.seed),
    from: Number(values.from),
    cases: Number(values.cases),
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
