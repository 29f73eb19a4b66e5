/**
 * This file is loaded into the bot's process before its own code (`node --import`). When the test sends a message, it
 * does to the process what a machine or a library may do: it sets the clock, blocks the event loop, makes a method
 * throw.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Networking } from '@discordjs/voice';
import { CALL_TIMINGS } from '../../src/call/timings.ts';
import { GATEWAY_TIMINGS } from '../../src/discord/gateway/timings.ts';
import { beforeEachPart } from '../../src/walls.ts';
import { fillDisk } from './full-disk.ts';
import { replaceClock } from './system-clock.ts';

/** What the test may order. */
export type Meddling =
  /** Sets the clock of the system forward (or back, if negative) by so many milliseconds. */
  | { readonly do: 'set clock'; readonly byMs: number }
  /** Blocks the event loop. */
  | { readonly do: 'block'; readonly ms: number }
  /** Collects garbage, and answers with `Measures`. */
  | { readonly do: 'measure' }
  /** Replaces some of the times by which the gateway is watched, in milliseconds. */
  | { readonly do: 'gateway timings'; readonly timings: Partial<typeof GATEWAY_TIMINGS> }
  /** Replaces some of the times by which calls are watched, in milliseconds. */
  | { readonly do: 'call timings'; readonly timings: Partial<typeof CALL_TIMINGS> }
  /** Fills the disk, or makes room on it; answers how many writes were refused since the last such order. */
  | { readonly do: 'disk'; readonly full: boolean }
  /** Makes each part of the program that runs in a wall (see `src/walls.ts`) throw once; answers which have thrown. */
  | { readonly do: 'every part throws once' }
  /** Makes the next call of a method of the voice library throw in one guild. */
  | { readonly do: 'throw'; readonly in: VoiceStep; readonly guildId: string };

/** The method that throws; `udp` is the sending of a datagram. */
export type VoiceStep = 'encryptOpusPacket' | 'prepareAudioPacket' | 'dispatchAudio' | 'udp';

/** What the process holds. */
export interface Measures {
  /** The bytes that JavaScript objects use, in the heap and outside of it. */
  readonly heapBytes: number;
  /**
   * For each kind of thing that keeps a process alive, such as timers: how many there are (`getActiveResourcesInfo`).
   */
  readonly resources: Readonly<Record<string, number>>;
}

let offsetMs = 0;
replaceClock(systemMs => systemMs + offsetMs);

function guildOf(networking: Networking): string | undefined {
  const { state } = networking;
  return 'connectionOptions' in state ? state.connectionOptions.serverId : undefined;
}

function throwOnce(step: VoiceStep, guildId: string): void {
  const method = step === 'udp' ? 'playAudioPacket' : step;
  const methods = Networking.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const original = methods[method];
  if (!original) throw new Error(`the library has no ${method}`);
  methods[method] = function (this: Networking, ...args) {
    if (guildOf(this) === guildId) {
      methods[method] = original;
      if (step !== 'udp' || !('udp' in this.state)) throw new Error(`${step} fails, as the test asks`);
      const { udp } = this.state;
      const { send } = udp;
      udp.send = () => {
        udp.send = send;
        throw new Error('the datagram cannot be sent, as the test asks');
      };
    }
    return original.apply(this, args);
  };
}

function measure(): Measures {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return { heapBytes: heapUsed + external, resources };
}

/** The names of the parts of the program that have thrown. */
const thrown = new Set<string>();

function everyPartThrowsOnce(): string[] {
  beforeEachPart(what => {
    if (thrown.has(what)) return;
    thrown.add(what);
    throw new Error(`"${what}" fails, as the test asks`);
  });
  return [...thrown];
}

process.on('message', (order: Meddling) => {
  let answer: unknown = 'done';
  if (order.do === 'measure') {
    process.send?.(measure());
    return;
  }
  if (order.do === 'set clock') offsetMs += order.byMs;
  else if (order.do === 'throw') throwOnce(order.in, order.guildId);
  else if (order.do === 'gateway timings') Object.assign(GATEWAY_TIMINGS, order.timings);
  else if (order.do === 'call timings') Object.assign(CALL_TIMINGS, order.timings);
  else if (order.do === 'disk') answer = fillDisk(order.full);
  else if (order.do === 'every part throws once') answer = everyPartThrowsOnce();
  else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, order.ms);
  process.send?.(answer);
});
process.channel?.unref();
