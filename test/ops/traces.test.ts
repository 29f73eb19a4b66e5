import { type Context, type Span, type SpanOptions, type TracerProvider, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { traceLines } from '../../src/ops/traces/traces.ts';
import { SpeechTally } from '../../src/speech/tally.ts';
import { lineOf } from '../support/lines.ts';
import { speechRoom } from '../support/speech-room.ts';
import { until } from '../support/until.ts';
import { useVoiceScene } from '../support/voice-scene.ts';

useVoiceScene();

interface Recorded {
  readonly name: string;
  readonly options: SpanOptions;
  readonly parent: Recorded | undefined;
  readonly events: [name: string, at: number][];
  status: number | undefined;
  endAt: number;
}

/** Takes what the bot tells the API of OpenTelemetry, as an SDK does. */
class Recorder {
  readonly spans: Recorded[] = [];
  readonly #byId = new Map<string, Recorded>();

  readonly provider: TracerProvider = {
    getTracer: () => ({
      startSpan: (name, options = {}, context) => this.#start(name, options, context),
      startActiveSpan: () => {
        throw new Error('not used');
      },
    }),
  };

  #start(name: string, options: SpanOptions, context?: Context): Span {
    const parentId = context && !options.root ? trace.getSpanContext(context)?.spanId : undefined;
    const recorded: Recorded = {
      name,
      options,
      parent: this.#byId.get(parentId ?? ''),
      events: [],
      status: undefined,
      endAt: Number.NaN,
    };
    this.spans.push(recorded);
    const spanId = String(this.spans.length).padStart(16, '0');
    this.#byId.set(spanId, recorded);
    const span: Span = {
      spanContext: () => ({ traceId: '1'.repeat(32), spanId, traceFlags: 1 }),
      setAttribute: () => span,
      setAttributes: () => span,
      addEvent: (event, at) => {
        recorded.events.push([event, Number(at)]);
        return span;
      },
      addLink: () => span,
      addLinks: () => span,
      setStatus: ({ code }) => {
        recorded.status = code;
        return span;
      },
      updateName: () => span,
      end: at => {
        recorded.endAt = Number(at);
      },
      isRecording: () => true,
      recordException: () => {},
    };
    return span;
  }
}

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder();
});
afterEach(() => trace.disable());

const log = createLog('silent', []);

test('without an SDK nothing is traced, and the package is not asked for', async () => {
  const tally = new SpeechTally(log);
  let watchers = 0;
  tally.watch = () => (watchers += 1);
  Reflect.deleteProperty(globalThis, Symbol.for('opentelemetry.js.api.1'));
  await traceLines(tally, { version: '1.2.3', log });
  expect(watchers).toBe(0);
});

test('a line is a span, with its sessions at Fish Audio in it, in the order of time, and without words', async () => {
  trace.setGlobalTracerProvider(recorder.provider);
  const room = await speechRoom();
  await traceLines(room.tally, { version: '1.2.3', log });
  const before = Date.now();
  room.session.conversation.say(lineOf('A secret that nobody may read.'));
  await until('it is traced', () => recorder.spans.length === 2);
  const [spoken, fish] = recorder.spans;
  if (!spoken || !fish) throw new Error('no spans');
  expect([spoken.name, spoken.parent, spoken.status]).toEqual(['line', undefined, undefined]);
  expect([fish.name, fish.parent, fish.status]).toEqual(['fish', spoken, undefined]);
  expect(spoken.options.attributes).toMatchObject({ 'parrotfish.line.outcome': 'said' });
  expect(fish.options.attributes).toEqual({ 'parrotfish.fish.bytes': room.sent() });
  expect(spoken.events.map(([name]) => name).sort()).toEqual(['first packet', 'prepared', 'turn']);
  expect(fish.events.map(([name]) => name)).toEqual(['start', 'first audio']);
  const times = [
    before - 1,
    Number(spoken.options.startTime),
    Number(fish.options.startTime),
    ...fish.events.map(([, at]) => at),
    spoken.events.find(([name]) => name === 'first packet')?.[1] ?? 0,
    spoken.endAt,
    Date.now() + 1,
  ];
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(JSON.stringify(recorder.spans)).not.toMatch(/secret|\d{15}/);
});

test('a line that fails is an error, with both tries', async () => {
  trace.setGlobalTracerProvider(recorder.provider);
  const room = await speechRoom();
  await traceLines(room.tally, { version: '1.2.3', log });
  room.server.behaviour.fault = { kind: 'finish-error', afterEvents: 0 };
  room.session.conversation.say(lineOf('This fails.'));
  await until('it is traced', () => recorder.spans.length > 1);
  expect(recorder.spans.map(({ name, status }) => [name, status])).toEqual(
    recorder.spans.map(({ name }) => [name, 2]),
  );
});
