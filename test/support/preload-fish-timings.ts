// This file is loaded into the bot's process before its own code (see `preload` of `startBot`). The environment
// variable FISH_TIMINGS holds JSON that replaces some of `DEFAULT_TIMINGS`, so that a test need not wait so long.
import { DEFAULT_TIMINGS, type FishTimings } from '../../src/fish/timings.ts';

Object.assign(DEFAULT_TIMINGS, JSON.parse(process.env['FISH_TIMINGS'] ?? '{}') as Partial<FishTimings>);
