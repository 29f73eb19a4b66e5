import type { Logger } from '../../log.ts';
import type { SpeechTally } from '../../speech/tally.ts';

/**
 * Under this symbol @opentelemetry/api 1.x keeps what an SDK has registered, whichever copy of the package it uses. Our
 * copy hears an SDK whose copy is as new or newer, so ours is not the newest: 1.9.0, since SDKs of 2024 to 2026 have it.
 */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/**
 * Has each line traced, if the operator has loaded an SDK of OpenTelemetry before the bot (`node --import`). Otherwise
 * it does nothing: the package for traces is not even loaded.
 */
export async function traceLines(
  tally: SpeechTally,
  { version, log }: { version: string; log: Logger },
): Promise<void> {
  if (!(REGISTERED in globalThis)) return;
  const { LineTraces } = await import('./line-traces.ts');
  tally.watch(new LineTraces(version));
  log.info('each line is traced with OpenTelemetry');
}
