import { encode } from '@msgpack/msgpack';
import { decodeEvent, type FishEvent } from '../../src/fish/protocol.ts';
import { concat } from '../audio/pages.ts';
import type { Random } from '../support/random.ts';
import { type FuzzTarget, holds } from './target.ts';

interface EventPart {
  readonly bytes: Uint8Array;
  /** What the bytes say, where they are a whole event as Fish sends them. */
  readonly means?: FishEvent;
}

const NAMES = ['audio', 'finish', 'error', 'log', 'alignment', '', '__proto__', 'toString'];
const KEYS = [
  'event',
  'audio',
  'time',
  'reason',
  'error',
  'message',
  'max_concurrency',
  '__proto__',
  'constructor',
  'prototype',
  'toJSON',
  'x',
];
/** The first byte of each kind of value with a length of its own (MessagePack specification, "Formats"). */
const LONG = [0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf];
const SHORT = [
  0x80, 0x81, 0x8f, 0x90, 0x91, 0x9f, 0xa0, 0xc0, 0xc1, 0xc2, 0xca, 0xcb, 0xcf, 0xd4, 0xd8, 0xff,
];
const TYPES: Readonly<Record<FishEvent['type'], readonly string[]>> = {
  audio: ['audio', 'timeMs'],
  finish: ['reason', 'message', 'timeMs'],
  error: ['message', 'maxConcurrency'],
  log: ['message'],
  unknown: ['event'],
};
const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, Uint8Array.prototype];
const untouched = PROTOTYPES.map(namesOf);

/** MessagePack frames of Fish's live socket: right ones, damaged ones, and any bytes at all. */
export const eventsTarget: FuzzTarget<EventPart> = {
  name: 'events',
  make(random) {
    const kind = random.weighted({ right: 2, damaged: 6, odd: 3, headers: 2, noise: 2 });
    if (kind === 'right') return [rightEvent(random)];
    if (kind === 'damaged') return damaged(random, rightEvent(random).bytes);
    if (kind === 'odd') return [{ bytes: encode(oddValue(random, 4)) }];
    if (kind === 'noise') return single(random.bytes(random.whole(0, 60)));
    return random.list(random.whole(1, 20), () => ({ bytes: header(random) }));
  },

  check(parts) {
    const frame = concat(parts.map(({ bytes }) => bytes));
    const [only, ...more] = parts;
    const means = more.length === 0 ? only?.means : undefined;
    let event: FishEvent | undefined;
    try {
      event = decodeEvent(frame);
    } catch (error) {
      holds(error instanceof Error, 'what is no event is an error');
      holds(means === undefined, 'what Fish says is understood');
    }
    if (event) checkEvent(event, frame.length);
    if (event && means) holds(same(event, means), 'and nothing else than what it says');
    for (const [index, prototype] of PROTOTYPES.entries())
      holds(namesOf(prototype) === untouched[index], 'no prototype is changed');
  },

  show: parts => Buffer.from(concat(parts.map(({ bytes }) => bytes))).toString('hex'),
};

function checkEvent(event: FishEvent, frameLength: number): void {
  holds(Object.getPrototypeOf(event) === Object.prototype, 'an event is a plain object');
  const allowed = TYPES[event.type];
  for (const [name, value] of Object.entries(event)) {
    if (name === 'type') continue;
    holds(allowed.includes(name), `${event.type} has no ${name}`);
    if (name === 'audio') holds(value instanceof Uint8Array && value.length <= frameLength, 'audio is bytes');
    else if (name === 'timeMs') holds(typeof value === 'number', 'times are numbers');
    else if (name === 'maxConcurrency') holds(Number.isFinite(value), 'limits are finite numbers');
    else holds(typeof value === 'string', `${name} is words`);
  }
}

function rightEvent(random: Random): EventPart {
  const time = random.whole(0, 90_000);
  const words = () => random.pick(['', 'stop', 'error', 'Reference not found', 'Grüße 🐟', 'x'.repeat(300)]);
  switch (random.pick(['audio', 'finish', 'error', 'log', 'unknown'] as const)) {
    case 'audio': {
      const audio = random.bytes(random.chance(0.01) ? 70_000 : random.pick([0, 1, 40, 300]));
      const bytes = encode({ event: 'audio', audio, time });
      return { bytes, means: { type: 'audio', audio, timeMs: time } };
    }
    case 'finish': {
      const reason = words();
      return {
        bytes: encode({ event: 'finish', reason }),
        means: { type: 'finish', reason: reason || 'stop' },
      };
    }
    case 'error': {
      const [message, most] = [words(), random.whole(0, 20)];
      const bytes = encode({ event: 'error', error: message, max_concurrency: most, more: [1, { a: null }] });
      return { bytes, means: { type: 'error', message, maxConcurrency: most } };
    }
    case 'log': {
      const message = words();
      return { bytes: encode({ event: 'log', message }), means: { type: 'log', message } };
    }
    case 'unknown':
      return { bytes: encode({ event: 'alignment', time }), means: { type: 'unknown', event: 'alignment' } };
  }
}

/** The frame in single bytes, some of them others, gone, or with more between. */
function damaged(random: Random, frame: Uint8Array): EventPart[] {
  const bytes = [...frame.subarray(0, 400)];
  for (let times = random.whole(1, 4); times > 0; times -= 1) {
    const at = random.whole(0, Math.min(bytes.length, 40));
    const act = random.weighted({ change: 4, header: 3, lose: 2, insert: 2, cut: 1 });
    if (act === 'change') bytes[at] = random.whole(0, 255);
    else if (act === 'header') bytes[at] = random.pick([...LONG, ...SHORT]);
    else if (act === 'lose') bytes.splice(at, random.whole(1, 4));
    else if (act === 'insert') bytes.splice(at, 0, ...header(random));
    else bytes.length = at;
  }
  return bytes.map(byte => ({ bytes: Uint8Array.of(byte) }));
}

/** The beginning of a value; what it claims to hold does not follow. */
function header(random: Random): Uint8Array {
  if (random.chance(0.4)) return Uint8Array.of(random.pick(SHORT));
  const length = random.chance(0.5) ? [0, 0, 0, random.whole(0, 20)] : [...random.bytes(4)];
  return Uint8Array.of(random.pick(LONG), ...length);
}

/** A value that may be decoded, and is most often no event. */
function oddValue(random: Random, depth: number): unknown {
  const kind = random.weighted({ map: depth, list: depth / 2, leaf: 3 });
  if (kind === 'list') return random.list(random.whole(0, 4), () => oddValue(random, depth - 1));
  if (kind === 'leaf')
    return random.pick([
      null,
      true,
      0,
      -1,
      Number.NaN,
      Infinity,
      2 ** 53,
      1.5,
      'stop',
      new Date(0),
      random.bytes(5),
    ]);
  const entries = random.list(random.whole(0, 5), () => [random.pick(KEYS), oddValue(random, depth - 1)]);
  if (random.chance(0.7))
    entries.push(['event', random.chance(0.9) ? random.pick(NAMES) : oddValue(random, 1)]);
  return Object.fromEntries(entries);
}

const single = (bytes: Uint8Array): EventPart[] => [...bytes].map(byte => ({ bytes: Uint8Array.of(byte) }));

function same(one: FishEvent, other: FishEvent): boolean {
  const text = (event: FishEvent) =>
    JSON.stringify(
      Object.entries(event).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value),
    );
  return text(one) === text(other);
}

function namesOf(prototype: object): string {
  return Object.getOwnPropertyNames(prototype).join(' ');
}
