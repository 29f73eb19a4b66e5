import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  AudioPlayerStatus,
  createAudioPlayer,
  createAudioResource,
  entersState,
  StreamType,
  type VoiceConnection,
  VoiceUDPSocket,
} from '@discordjs/voice';
import { Cushion, PacketRoom } from '../../src/audio/cushion.ts';
import { Player } from '../../src/audio/player.ts';
import { guardVoiceLibrary } from '../../src/call/guards.ts';
import { OggOpusWriter } from '../sandbox/fish/ogg-writer.ts';
import { opusPackets } from '../support/opus-packets.ts';
import { answerOf, startChild } from './child.ts';
import { median, ms, percentile, type Row, times } from './figures.ts';
import { takeSeat, takeSeats, trust } from './seated.ts';
import type { SeatRequest, Seats } from './speaking-peer.ts';

/**
 * B1 and B7: first audio event of Fish Audio → first RTP packet, and how late the next five are; at 0 and 50
 * guilds that speak already. Real voice connections to the sandbox's voice server, which runs in a process of
 * its own. Beside it, in the same run: prism-media's demuxer and `player.play()`, and, as a control of the
 * machine, how late a bare 20 ms timer is.
 */

const PEER = fileURLToPath(new URL('./speaking-peer.ts', import.meta.url));
const CROWDS = [0, 50];
const REPEATS = 30;
const EVENT_PACKETS = 23;
const EVENTS = 1;
const FRAME_MS = 20;
/** Fish Audio takes longer than this; what matters is that its first event comes after the line's turn. */
const SYNTHESIS_MS = 30;
const WATCHED = 6;

/** The audio events of one utterance, as Fish Audio shapes them: a page each, the first with the headers. */
function events(): Buffer[] {
  const writer = new OggOpusWriter();
  const head = writer.head();
  const pages = Array.from({ length: EVENTS }, (_, index) => {
    const packets = Array.from({ length: EVENT_PACKETS }, (_unused, at) => {
      const packet = Buffer.alloc(150, at + index);
      packet[0] = 0xf8;
      return packet;
    });
    return writer.page(packets, { eos: index === EVENTS - 1 });
  });
  return pages.map((bytes, index) => (index === 0 ? Buffer.concat([head, bytes]) : bytes));
}

/** When a connection sent RTP packets, by `performance.now()`. */
function watchSends(): (connection: VoiceConnection) => number[] {
  const sends = new Map<object, number[]>();
  const { send } = VoiceUDPSocket.prototype;
  VoiceUDPSocket.prototype.send = function (buffer) {
    if (buffer.length > 60 && buffer[0] === 0x80) {
      const list = sends.get(this) ?? [];
      list.push(performance.now());
      sends.set(this, list);
    }
    send.call(this, buffer);
  };
  return connection => {
    const state: object = connection.state;
    const networking: unknown = 'networking' in state ? state.networking : null;
    const inner: unknown =
      networking && typeof networking === 'object' && 'state' in networking && networking.state;
    const udp: unknown = inner && typeof inner === 'object' && 'udp' in inner && inner.udp;
    const list = udp && typeof udp === 'object' ? (sends.get(udp) ?? []) : [];
    if (udp && typeof udp === 'object') sends.set(udp, list);
    return list;
  };
}

async function* arriving(parts: readonly Buffer[], onFirst: (at: number) => void): AsyncGenerator<Buffer> {
  await sleep(SYNTHESIS_MS);
  for (const [index, part] of parts.entries()) {
    if (index === 0) onFirst(performance.now());
    yield part;
  }
}

async function usualWay(connection: VoiceConnection, parts: readonly Buffer[]): Promise<number> {
  const player = createAudioPlayer();
  const subscription = connection.subscribe(player);
  const { promise, resolve } = Promise.withResolvers<number>();
  const source = Readable.from(arriving(parts, resolve));
  player.play(createAudioResource(source, { inputType: StreamType.OggOpus, silencePaddingFrames: 0 }));
  await entersState(player, AudioPlayerStatus.Idle, 10_000);
  subscription?.unsubscribe();
  return promise;
}

export async function startRows(): Promise<Row[]> {
  guardVoiceLibrary();
  createAudioResource(Readable.from([]), { inputType: StreamType.OggOpus }); // it looks for ffmpeg once
  const sendsOf = watchSends();
  const peer = startChild(PEER);
  try {
    peer.send({ seats: Math.max(...CROWDS) + 1, dave: false } satisfies SeatRequest);
    const { seats, ca } = await answerOf<Seats>(peer);
    trust(ca);
    const [own, ...others] = seats;
    if (!own) throw new Error('no seats');
    const connection = await takeSeat(own, false);
    const crowd = await takeSeats(others, false);
    const sends = sendsOf(connection);
    const rows: Row[] = [];
    for (const speaking of CROWDS) {
      rows.push(...(await measure(connection, sends, crowd.slice(0, speaking))));
    }
    for (const each of [connection, ...crowd]) each.destroy();
    return rows;
  } finally {
    peer.kill();
  }
}

async function measure(
  connection: VoiceConnection,
  sends: number[],
  crowd: VoiceConnection[],
): Promise<Row[]> {
  const over = new AbortController();
  const { signal } = over;
  const packet = Buffer.alloc(150, 1);
  packet[0] = 0xf8;
  async function* endless() {
    for (;;) {
      for (let i = 0; i < 50; i += 1) yield packet;
      await new Promise(resolve => setImmediate(resolve));
    }
  }
  const players = crowd.map(each => {
    const player = new Player(console.error);
    player.connect(each);
    player.play(new Cushion(endless(), { room: new PacketRoom(), signal }), { signal }).catch(() => {});
    return player;
  });
  if (crowd.length > 0) await sleep(2_500); // their memory is full, only their clock ticks on

  const control: number[] = [];
  let due = performance.now() + FRAME_MS;
  const timer = setInterval(() => {
    control.push(Math.max(0, performance.now() - due));
    due = performance.now() + FRAME_MS;
  }, FRAME_MS);

  const ours: number[] = [];
  const lateness: number[] = [];
  const usual: number[] = [];
  const player = new Player(console.error);
  player.connect(connection);
  const room = new PacketRoom();
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    sends.length = 0;
    let first = Number.NaN;
    const source = opusPackets(
      arriving(events(), at => {
        first = at;
      }),
    );
    await player.play(new Cushion(source, { room, signal }), { signal });
    const from = sends[0] ?? Number.NaN;
    ours.push(from - first);
    for (let k = 1; k < WATCHED; k += 1)
      lateness.push(Math.max(0, (sends[k] ?? Number.NaN) - from - FRAME_MS * k));
    await sleep(150 + Math.random() * 20);
    if (repeat % 2 === 0) {
      player.connect(null);
      sends.length = 0;
      const began = await usualWay(connection, events());
      usual.push((sends[0] ?? Number.NaN) - began);
      await sleep(50);
      player.connect(connection);
    }
  }
  clearInterval(timer);
  over.abort();
  for (const each of [...players, player]) each[Symbol.dispose]();
  await sleep(200);
  const [p50, p99, other] = [median(ours), percentile(ours, 99), median(usual)];
  const controlP99 = percentile(control, 99);
  const late = median(lateness);
  return [
    {
      id: 'B1',
      what: `first audio event → first RTP, ${crowd.length} guilds speaking`,
      ours: `p50 ${ms(p50)}, p99 ${ms(p99)}`,
      beside: `prism + play() p50 ${ms(other)} (${times(p50 / other)}); control: a bare timer is late p99 ${ms(controlP99)}`,
      target: 'p50 ≤ 0.5 ms, p99 ≤ 3 ms beside the control, ≤ 0.1×',
      met: p50 <= 0.5 && p50 <= other / 10 && p99 <= Math.max(3, controlP99),
    },
    {
      id: 'B7',
      what: `packets 2 to 6 late against 20 ms each, ${crowd.length} guilds speaking`,
      ours: `p50 ${ms(late)}, p99 ${ms(percentile(lateness, 99))}`,
      beside: `control p99 ${ms(controlP99)}`,
      target: 'p50 ≤ 2 ms',
      met: late <= 2,
    },
  ];
}
