import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AudioPlayer,
  createAudioResource,
  NoSubscriberBehavior,
  StreamType,
  type VoiceConnection,
} from '@discordjs/voice';
import { ClockedPlayer } from '../../src/audio/clocked-player.ts';
import { encryptOpusPacket, rtpHeader, XCHACHA20_POLY1305 } from '../../src/call/packet-cipher.ts';
import { median, percentile } from './figures.ts';

/** Lets many players speak for a while, by one clock or the other; answers the parent with figures. */

export interface PaceRequest {
  readonly guilds: number;
  readonly clock: 'ours' | 'library';
}

export interface PaceAnswer {
  /** Packets a second and guild. */
  readonly rate: number;
  /** How far packets of a guild are from 20 ms apart. */
  readonly jitterP50Ms: number;
  readonly jitterP99Ms: number;
  /** User and system time of the process, by packets sent. */
  readonly cpuUs: number;
  /** How late a bare 20 ms timer of the same process is. */
  readonly controlP99Ms: number;
}

const FRAME_MS = 20;
const WARM_MS = 1_500;
const MEASURED_MS = 6_000;
const PACKET = Buffer.alloc(150, 1);

/** A connection that is always ready: encrypts as the real one, and sends real datagrams to `port`. */
function connectionTo(port: number, sends: number[]): VoiceConnection {
  const socket = createSocket('udp4');
  const secretKey = new Uint8Array(32).fill(7);
  const nonceBuffer = Buffer.alloc(24);
  const numbers = { ssrc: 1, sequence: 0, timestamp: 0 };
  const data = { encryptionMode: XCHACHA20_POLY1305, secretKey, nonceBuffer, nonce: 0, ...numbers };
  let prepared: Buffer | undefined;
  const connection = {
    state: { status: 'ready' },
    setSpeaking: () => true,
    prepareAudioPacket(packet: Buffer) {
      prepared = Buffer.from(encryptOpusPacket(packet, data, rtpHeader(data)));
    },
    dispatchAudio() {
      if (!prepared) return false;
      sends.push(performance.now());
      socket.send(prepared, port, '127.0.0.1');
      prepared = undefined;
      return true;
    },
  };
  return connection as unknown as VoiceConnection;
}

/** Speech without end. */
class Endless extends Readable {
  constructor() {
    super({ objectMode: true, read: () => {} });
  }

  override read(size?: number): Buffer | null {
    return size === 0 ? null : PACKET;
  }
}

function playerOf(clock: PaceRequest['clock']): AudioPlayer {
  if (clock === 'ours') return new ClockedPlayer({ onFault: console.error, onSent: () => {} });
  return new AudioPlayer({ debug: false, behaviors: { noSubscriber: NoSubscriberBehavior.Pause } });
}

async function measure({ guilds, clock }: PaceRequest): Promise<PaceAnswer> {
  const sink = createSocket('udp4').bind(0, '127.0.0.1');
  await once(sink, 'listening');
  const { port } = sink.address();
  const sends: number[][] = [];
  for (let index = 0; index < guilds; index += 1) {
    const list: number[] = [];
    sends.push(list);
    const player = playerOf(clock);
    player['subscribe'](connectionTo(port, list));
    const speech = new Endless();
    const resource = createAudioResource(speech, { inputType: StreamType.Opus });
    speech.emit('readable');
    player.play(resource);
  }
  await sleep(WARM_MS);
  const control: number[] = [];
  let due = performance.now() + FRAME_MS;
  setInterval(() => {
    control.push(Math.max(0, performance.now() - due));
    due = performance.now() + FRAME_MS;
  }, FRAME_MS);
  for (const list of sends) list.length = 0;
  const from = performance.now();
  const cpuBefore = process.cpuUsage();
  await sleep(MEASURED_MS);
  const { user, system } = process.cpuUsage(cpuBefore);
  const lastedMs = performance.now() - from;
  const packets = sends.reduce((sum, list) => sum + list.length, 0);
  const off = sends.flatMap(list =>
    list.slice(1).map((at, index) => Math.abs(at - (list[index] ?? Number.NaN) - FRAME_MS)),
  );
  return {
    rate: packets / guilds / (lastedMs / 1_000),
    jitterP50Ms: median(off),
    jitterP99Ms: percentile(off, 99),
    cpuUs: (user + system) / packets,
    controlP99Ms: percentile(control, 99),
  };
}

process.once('message', (request: PaceRequest) => {
  void measure(request).then(answer => process.send?.(answer));
});
