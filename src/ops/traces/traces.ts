import type { Logger } from '../../log.ts';
import type { SpeechTally } from '../../speech/tally.ts';

// Switches the traces of lines on if the operator uses OpenTelemetry. `line-traces.ts` makes the traces.

/**
 * Under this symbol every copy of @opentelemetry/api 1.x keeps what an SDK has registered. Our copy works only with an
 * SDK whose own copy is as new or newer, so ours is not the newest: it is 1.9.0, as in the SDKs of 2024 to 2026.
 */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/**
 * Has each line traced, if the operator has loaded an SDK of OpenTelemetry before the bot (`node --import`). Otherwise
 * it does nothing, and does not even load the package for traces.
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
