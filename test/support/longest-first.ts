import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { quickTests } from './quick-tests.ts';

/** These take longest, each half a minute or more: most of the time they wait for speech, or for an outage to end. */
const LONG = [
  'test/bot/process.test.ts',
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
 * The order of the test files: the longest ones first, so that in the end no processor is idle while one of them goes
 * on alone. Then, by turns, those of the whole bot, which mostly wait for speech, those of its parts, and those that
 * only compute, so that there is always something to compute while others wait.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const quick = new Set(quickTests());
    const path = ({ moduleId, project }: TestSpecification) =>
      relative(project.config.root, moduleId).replaceAll('\\', '/');
    const kindOf = (file: TestSpecification) => {
      if (LONG.includes(path(file))) return 'long';
      if (WHOLE_BOT.test(path(file))) return 'whole';
      return quick.has(path(file)) ? 'computes' : 'part';
    };
    const { long = [], ...others } = Object.groupBy(await super.sort(files), kindOf);
    const longest = long.toSorted((a, b) => LONG.indexOf(path(a)) - LONG.indexOf(path(b)));
    return [...longest, ...byTurns(Object.values(others))];
  }
}

/** The items of all lists, each list in its order, and each evenly spread from the beginning to the end. */
function byTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const placed = lists.flatMap(list => list.map((item, at) => ({ item, place: (at + 0.5) / list.length })));
  return placed.toSorted((a, b) => a.place - b.place).map(({ item }) => item);
}
