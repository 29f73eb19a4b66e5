import { Registry } from 'prom-client';
import { addFish, type FishSources } from './fish.ts';
import { addProcess, type ProcessSources } from './process.ts';
import { addSpeech, type SpeechSources } from './speech.ts';

/** What `/metrics` answers. */
export interface Metrics {
  readonly contentType: string;
  /** The present values of all metrics, in the text format of Prometheus. */
  text(): Promise<string>;
}

/**
 * The metrics of this process. They are read from the parts when Prometheus asks; between that only the durations of
 * lines are noted, once for each line. No label has an id of a person, guild, channel or voice.
 */
export function createMetrics(sources: SpeechSources & FishSources & ProcessSources): Metrics {
  const registry = new Registry();
  addSpeech(registry, sources);
  addFish(registry, sources);
  addProcess(registry, sources);
  return { contentType: registry.contentType, text: () => registry.metrics() };
}
