import { Registry } from 'prom-client';
import { addFish, type FishSources } from './fish.ts';
import { addProcess, type ProcessSources } from './process.ts';
import { addSpeech, type SpeechSources } from './speech.ts';

// Puts together what `/metrics` answers to Prometheus. The metrics themselves are in `speech.ts` (what people hear),
// `fish.ts` (Fish Audio and money) and `process.ts` (event loop, Discord and database).

/** The parts of the bot whose figures are served. */
export type MetricsSources = SpeechSources & FishSources & ProcessSources;

/** What `/metrics` answers. */
export interface Metrics {
  readonly contentType: string;
  /** The present values of all metrics, in the text format of Prometheus. */
  text(): Promise<string>;
}

/**
 * Figures are read from the parts of the bot when Prometheus asks; before that, only the durations of each line are
 * noted. No label has an id of a person, guild, channel or voice.
 */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  addSpeech(registry, sources);
  addFish(registry, sources);
  addProcess(registry, sources);
  return { contentType: registry.contentType, text: () => registry.metrics() };
}
