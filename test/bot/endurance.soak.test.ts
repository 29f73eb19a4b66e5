import { expect, test } from 'vitest';
import { evidenceOf } from '../simulator/evidence.ts';
import { planOf } from '../simulator/plan.ts';
import { breachesOf } from '../simulator/promises.ts';
import { reportOf } from '../simulator/report.ts';
import { hostOf } from '../simulator/room.ts';
import { Run } from '../simulator/run.ts';
import { Scene } from '../simulator/scene.ts';
import { jsonFile } from '../support/managed-guild.ts';
import type { Measures } from '../support/meddling.ts';
import { growthPerHour, residentMb, soakMs } from '../support/soak.ts';

const HASTENED = new URL('../support/preload-hastened.ts', import.meta.url);
const NO_CACHE = jsonFile({ cache: false });
/** The share of the rounds in which caches fill and code is compiled. */
const WARM_UP = 0.25;
const MOST_MB_AN_HOUR = 1;
/** By so much a heap's size goes up and down. */
const SPARE_MB = 10;
/** Sockets and timers of connections that happen to be open when it is measured. */
const SPARE_RESOURCES = 10;

/** For SOAK_MINUTES one process bears what chance draws; every promise is kept, and it holds no more at the end. */
async function endure(preload: readonly URL[]): Promise<void> {
  const first = planOf(1);
  await using scene = await Scene.start(first.fish, preload);
  // The rounds say the same words, and what Fish Audio sent in an earlier round is forgotten here.
  for (const room of scene.rooms)
    await room.discord.command(hostOf(room), room.guild, 'settings import', NO_CACHE).reply();
  const points: (Measures & { at: number; rssMb: number })[] = [];
  const end = performance.now() + soakMs();
  for (let seed = 1; performance.now() < end; seed += 1) {
    const drawn = planOf(seed);
    // The process is the one whose memory is watched: it is not started again.
    const steps = drawn.steps.filter(step => !('act' in step && step.act.costs?.forgets));
    const plan = { ...drawn, fish: first.fish, steps };
    const run = new Run(scene, plan);
    await run.perform();
    const evidence = evidenceOf(scene, run, plan);
    const breaches = breachesOf(evidence, { partly: true });
    if (breaches.length > 0) throw new Error(reportOf(evidence, breaches));
    const measures = (await scene.bot.order({ do: 'measure' })) as Measures;
    points.push({ ...measures, at: performance.now(), rssMb: residentMb(scene.bot.pid) });
    scene.forget();
  }
  const warm = points.slice(Math.floor(points.length * WARM_UP));
  const growth = {
    rss: growthPerHour(warm.map(({ at, rssMb }) => ({ at, value: rssMb }))),
    heap: growthPerHour(warm.map(({ at, heapBytes }) => ({ at, value: heapBytes / 2 ** 20 }))),
  };
  const sums = warm.map(({ resources }) => Object.values(resources).reduce((sum, count) => sum + count, 0));
  console.log(
    `${points.length} rounds; RSS ${growth.rss.toFixed(2)} MB an hour, heap ${growth.heap.toFixed(2)}; ` +
      `resources ${sums[0]} at first, ${sums.at(-1)} in the end: ${JSON.stringify(warm.at(-1)?.resources)}`,
  );
  const hours = soakMs() / 3_600_000;
  expect(growth.rss * hours).toBeLessThan(MOST_MB_AN_HOUR * hours + SPARE_MB);
  expect((sums.at(-1) ?? 0) - (sums[0] ?? 0)).toBeLessThan(SPARE_RESOURCES);
}

test('row 32: hours of random faults: every promise is kept, and memory, sockets and timers do not grow', async () => {
  await endure([]);
});

test('row 32: the same while the system’s clock, and what waits for ten minutes or longer, is sixty times as fast', async () => {
  await import(HASTENED.href); // the sandbox's clock too; nothing runs after this test
  await endure([HASTENED]);
});
