// Preloaded into the bot's process (see `preload` of `startBot`): FISH_TIMINGS, JSON, takes the place of some of the
// times that the bot gives Fish Audio, so that a test need not wait for them.
import { DEFAULT_TIMINGS, type FishTimings } from '../../src/fish/timings.ts';

Object.assign(DEFAULT_TIMINGS, JSON.parse(process.env['FISH_TIMINGS'] ?? '{}') as Partial<FishTimings>);
