import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { FishCourse, Journey } from '../../speech/journey.ts';
import type { SpeechWatcher } from '../../speech/tally.ts';

// Shows with OpenTelemetry where the time of a line went: waiting, preparing, Fish Audio, sending. `traces.ts` decides
// whether there are traces at all; only then is this file loaded.

/** Converts a time of `performance.now()` to milliseconds since 1970, by what both clocks say now. */
type ToDate = (time: number) => number;

/**
 * Makes a trace of each line when it has ended: a span `line` from the queue to the last packet, and in it a span
 * `fish` for each session with Fish Audio. Spans hold times, counts, and why a line was not said; never words or ids.
 */
export class LineTraces implements SpeechWatcher {
  readonly #tracer: Tracer;

  constructor(version: string) {
    this.#tracer = trace.getTracer('parrotfish', version);
  }

  ended(journey: Journey): void {
    const now = performance.now();
    const today = Date.now();
    const toDate: ToDate = time => today - (now - time);
    const { acceptedAt, preparedAt, turnAt, firstPacketAt, endAt, packets, reason, atOnce } = journey;
    const span = this.#tracer.startSpan(
      'line',
      {
        root: true,
        startTime: toDate(acceptedAt),
        attributes: {
          'parrotfish.line.outcome': reason ?? 'said',
          'parrotfish.line.packets': packets,
          'parrotfish.line.at_once': atOnce,
        },
      },
      context.active(),
    );
    mark(span, 'prepared', preparedAt, toDate);
    mark(span, 'turn', turnAt, toDate);
    mark(span, 'first packet', firstPacketAt, toDate);
    if (reason === 'failed' || reason?.startsWith('fish-')) span.setStatus({ code: SpanStatusCode.ERROR });
    for (const course of journey.courses) this.#fish(course, span, endAt ?? now, toDate);
    span.end(toDate(endAt ?? now));
  }

  #fish(course: FishCourse, line: Span, endAt: number, toDate: ToDate): void {
    const { slotAt, startAt, firstAudioAt, ok, bytes } = course;
    const span = this.#tracer.startSpan(
      'fish',
      {
        kind: SpanKind.CLIENT,
        startTime: toDate(slotAt),
        attributes: { 'parrotfish.fish.bytes': bytes },
      },
      trace.setSpan(context.active(), line),
    );
    mark(span, 'start', startAt, toDate);
    mark(span, 'first audio', firstAudioAt, toDate);
    if (!ok) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(toDate(course.endAt ?? endAt));
  }
}

function mark(span: Span, name: string, time: number | null, toDate: ToDate): void {
  if (time !== null) span.addEvent(name, toDate(time));
}
