import { runSeed, type SeedOrder, type SeedResult } from './seed.ts';

/** A process that runs the seeds it is sent, one after another, and sends back what came of each. */
process.on('message', (order: SeedOrder) => {
  const { seed } = order;
  runSeed(order).then(
    result => process.send?.(result),
    (error: unknown) => {
      const report = `seed ${seed}\n✗ the simulator itself: ${error instanceof Error ? `${error.stack} ${String(error.cause)}` : String(error)}`;
      process.send?.({
        seed,
        ms: 0,
        parts: [],
        broken: ['the simulator itself'],
        report,
      } satisfies SeedResult);
    },
  );
});
