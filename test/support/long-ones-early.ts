import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { quickTests } from './quick-tests.ts';

/** These take longest, 25 seconds or more: most of the time they wait for speech, or for an outage to end. */
const LONG = [
  'test/bot/ask-words.test.ts',
  'test/bot/voice-faults.test.ts',
  'test/bot/shared-shards.test.ts',
  'test/bot/synthesis-faults.test.ts',
  'test/bot/unencrypted.test.ts',
  'test/bot/ask.test.ts',
  'test/bot/process.test.ts',
  'test/bot/every-part-throws.test.ts',
  'test/bot/voice-liveness.test.ts',
  'test/bot/arrivals.test.ts',
  'test/bot/outage-one-line.test.ts',
  'test/bot/restart.test.ts',
  'test/bot/canaries.test.ts',
  'test/bot/follow.test.ts',
  'test/sandbox/page/page-browser.test.ts',
  'test/sandbox/command.test.ts',
  'test/bot/silencing.test.ts',
  'test/speech/day.test.ts',
  'test/bot/gateway-liveness.test.ts',
  'test/bot/rejoin.test.ts',
  'test/bot/hearing.test.ts',
  'test/bot/races.test.ts',
  'test/bot/proxies.test.ts',
  'test/bot/coming-back.test.ts',
  'test/bot/gateway-lost.test.ts',
  'test/bot/outage.test.ts',
  'test/speech/unheard.test.ts',
  'test/bot/dave-changes.test.ts',
];
/** They begin in this part of a run, evenly, so that in the end no processor is idle while one goes on alone. */
const LONG_SPAN = 0.5;
const WHOLE_BOT = /^test\/bot\//;

/**
 * The order of the test files. By turns, those that take long, those of the whole bot, which mostly wait for speech, those
 * of its parts, and those that only compute, so that at any time some wait and others compute.
 */
export class LongOnesEarly extends BaseSequencer {
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
    const placed = [
      placedWithin(LONG_SPAN, longest),
      ...Object.values(others).map(list => placedWithin(1, list)),
    ];
    return placed
      .flat()
      .toSorted((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }
}

/** The items of a list, evenly spread from the beginning to `span`, a part of the whole. */
function placedWithin<T>(span: number, list: readonly T[]): { item: T; place: number }[] {
  return list.map((item, at) => ({ item, place: ((at + 0.5) / list.length) * span }));
}
