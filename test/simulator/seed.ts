import { evidenceOf } from './evidence.ts';
import { planOf } from './plan.ts';
import { breachesOf } from './promises.ts';
import { reportOf } from './report.ts';
import { Run } from './run.ts';
import { Scene } from './scene.ts';

/** `verbose`: the report shows all that was seen, and comes also where all is well. */
export interface SeedOrder {
  readonly seed: number;
  readonly verbose?: boolean;
}

export interface SeedResult {
  readonly seed: number;
  readonly ms: number;
  /** The parts of it, ms: until the bot was there, the plan, until all was said, and until the process had ended. */
  readonly parts: readonly number[];
  /** Names of the promises that were broken; none: all is well. */
  readonly broken: readonly string[];
  /** What was broken and what was seen around it; empty where all is well, unless it is verbose. */
  readonly report: string;
}

/** Runs the whole bot under everything that a seed tells. */
export async function runSeed({ seed, verbose = false }: SeedOrder): Promise<SeedResult> {
  const began = performance.now();
  const plan = planOf(seed);
  await using scene = await Scene.start(plan.fish);
  const run = new Run(scene, plan);
  const readyAt = performance.now();
  await run.perform();
  const quietAt = performance.now();
  await run.end();
  const endedAt = performance.now();
  const evidence = evidenceOf(scene, run, plan);
  const breaches = breachesOf(evidence);
  return {
    seed,
    ms: performance.now() - began,
    parts: [readyAt - began, run.peaceAt - readyAt, quietAt - run.peaceAt, endedAt - quietAt],
    broken: [...new Set(breaches.map(({ promise }) => promise))],
    report: breaches.length > 0 || verbose ? reportOf(evidence, breaches, { verbose }) : '',
  };
}
