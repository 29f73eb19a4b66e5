import { parentPort, workerData } from 'node:worker_threads';
import type { TargetName } from './names.ts';
import { FUZZED } from './targets.ts';

/** What `main.ts` gives a worker. `at` is shared memory that holds the number of the case it is at. */
export interface FuzzJob {
  readonly target: TargetName;
  readonly seed: number;
  readonly from: number;
  readonly cases: number;
  readonly at: Int32Array;
}

const { target, at, ...run } = workerData as FuzzJob;
const failure = FUZZED[target]({ ...run, onCase: index => Atomics.store(at, 0, index) });
parentPort?.postMessage(failure);
