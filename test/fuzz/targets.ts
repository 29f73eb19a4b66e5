import { eventsTarget } from './events.ts';
import { importTarget } from './import.ts';
import type { TargetName } from './names.ts';
import { oggTarget } from './ogg.ts';
import { queueTarget } from './queue.ts';
import type { FuzzFailure, FuzzRun } from './target.ts';
import { fuzz } from './target.ts';
import { textTarget } from './text.ts';

/** Everything that is fuzzed, by name. */
export const FUZZED: Readonly<Record<TargetName, (run: FuzzRun) => FuzzFailure | undefined>> = {
  ogg: run => fuzz(oggTarget, run),
  events: run => fuzz(eventsTarget, run),
  text: run => fuzz(textTarget, run),
  import: run => fuzz(importTarget, run),
  queue: run => fuzz(queueTarget, run),
};
