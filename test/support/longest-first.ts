import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { quickTests } from './quick-tests.ts';

/** These take longest, each half a minute or more: most of the time they wait for speech, or for an outage to end. */
const LONG = [
  'test/bot/process.test.ts',
  'test/bot/coming-back-outages.test.ts',
  'test/bot/doctor.test.ts',
  'test/bot/coming-back.test.ts',
  'test/store/sqlite.test.ts',
  'test/bot/restart.test.ts',
  'test/sandbox/command.test.ts',
  'test/store/crash.test.ts',
  'test/bot/gateway-liveness.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/pictures/scene.test.ts',
  'test/sandbox/page/page-browser.test.ts',
  'test/simulator/seeds.test.ts',
  'test/bot/database-path.test.ts',
  'test/bot/kill.test.ts',
];
const WHOLE_BOT = /^test\/bot\//;

/**
 * The order of the test files: the longest ones first, so that in the end no processor is idle while one of them goes on
 * alone. Then those of the whole bot, which mostly wait for speech, and those of its parts by turns, so that there is
 * always something to compute while others wait. Those that only compute come last, and fill the end.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const quick = new Set(quickTests());
    const path = ({ moduleId, project }: TestSpecification) =>
      relative(project.config.root, moduleId).replaceAll('\\', '/');
    const long = LONG.flatMap(name => sorted.filter(file => path(file) === name));
    const others = sorted.filter(file => !long.includes(file));
    const [computing, waiting] = [
      others.filter(file => quick.has(path(file))),
      others.filter(file => !quick.has(path(file))),
    ];
    const whole = waiting.filter(file => WHOLE_BOT.test(path(file)));
    const parts = waiting.filter(file => !WHOLE_BOT.test(path(file)));
    return [...long, ...byTurns(whole, parts), ...computing];
  }
}

/** The items of both lists, each list in its order, and both evenly spread from the beginning to the end. */
function byTurns<T>(one: readonly T[], other: readonly T[]): T[] {
  const placed = [one, other].flatMap(list =>
    list.map((item, at) => ({ item, place: (at + 0.5) / list.length })),
  );
  return placed.toSorted((a, b) => a.place - b.place).map(({ item }) => item);
}
