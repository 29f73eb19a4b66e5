import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createAudioPlayer,
  createAudioResource,
  NoSubscriberBehavior,
  StreamType,
  type VoiceConnection,
} from '@discordjs/voice';
import sodium from 'sodium-native';
import { Cushion, PacketRoom } from '../../src/audio/cushion.ts';
import { Player } from '../../src/audio/player.ts';
import { guardVoiceLibrary } from '../../src/call/guards.ts';
import { networkingOf, stateOf } from '../../src/call/internals.ts';
import { takeSeats, trust } from './seated.ts';
import type { Seats } from './speaking-peer.ts';

// Speaks in many guilds at once, through real voice connections, in a process of its own; answers its parent with the
// processor time that this took.

/** Who speaks: the bot's own parts; the voice library as it is; or nothing but what a packet needs (the floor). */
export type Speaker = 'ours' | 'stock' | 'floor';

export interface SpeakingRequest {
  readonly speaker: Speaker;
  readonly dave: boolean;
  readonly seats: Seats;
  /** How long each guild speaks, in ms. */
  readonly lastsMs: number;
}

/** What the process has used. */
export interface Used {
  /** User and system time since `begin`, in ms. */
  readonly cpuMs: number;
  /** Resident memory by guild, in bytes: what a connection takes, and what speech in hand takes more at `begin`. */
  readonly idleBytes: number;
  readonly speakingBytes: number;
  /** The part of `speakingBytes` that is in use: what V8 keeps for the next objects is not in it. */
  readonly usedBytes: number;
}

const FRAME_MS = 20;
const PACKET_BYTES = 80;
/** So many packets are parts of one buffer, as they come from Fish Audio. */
const EVENT_PACKETS = 23;

/** The packets of one guild's speech, in memory of its own. */
function* speech(lastsMs: number): Generator<Buffer> {
  for (let packets = 0; packets * FRAME_MS < lastsMs; packets += EVENT_PACKETS) {
    const event = Buffer.allocUnsafeSlow(EVENT_PACKETS * PACKET_BYTES).fill(packets & 0xff);
    for (let at = 0; at < event.length; at += PACKET_BYTES) {
      event[at] = 0xf8; // CELT, full band, 20 ms, mono, one frame
      yield event.subarray(at, at + PACKET_BYTES);
    }
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What the process has after a collection, and how much of that is in use, in bytes. */
function memory(): { readonly resident: number; readonly used: number } {
  collect();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { resident: rss, used: heapUsed + arrayBuffers };
}

function speakAsWeDo(connection: VoiceConnection, packets: Iterable<Buffer>): void {
  const player = new Player(console.error);
  player.connect(connection);
  const { signal } = new AbortController();
  const source = Readable.from(packets);
  void player.play(new Cushion(source, { room: new PacketRoom(), signal }), { signal });
}

function speakByLibrary(connection: VoiceConnection, packets: Iterable<Buffer>): void {
  const player = createAudioPlayer({ behaviors: { noSubscriber: NoSubscriberBehavior.Pause } });
  connection.subscribe(player);
  player.play(createAudioResource(Readable.from(packets), { inputType: StreamType.Opus }));
}

/** One connected socket a guild and one timer; a packet is made in one buffer that is used again. */
async function speakBarely(connections: readonly VoiceConnection[], { udp }: Seats): Promise<void> {
  const packets = [...speech(1_000)];
  const guilds = await Promise.all(
    connections.map(async connection => {
      const networking = networkingOf(connection);
      const state = networking && stateOf(networking);
      if (!state?.connectionData) throw new Error('not connected');
      const { secretKey, ssrc } = state.connectionData as typeof state.connectionData & { ssrc: number };
      const socket = createSocket('udp4');
      socket.connect(udp.port, udp.ip);
      await once(socket, 'connect');
      const header = Buffer.alloc(12);
      header.writeUInt16BE(0x8078, 0);
      header.writeUInt32BE(ssrc, 8);
      return { socket, header, secretKey, nonce: Buffer.alloc(24), dave: state.dave, count: 0 };
    }),
  );
  const datagram = Buffer.alloc(1_500);
  const started = performance.now();
  let ticks = 0;
  const tick = () => {
    for (const guild of guilds) {
      const packet = packets[guild.count % packets.length]!;
      guild.count += 1;
      const { header, nonce, secretKey, socket, dave, count } = guild;
      header.writeUInt16BE(count & 0xffff, 2);
      header.writeUInt32BE((count * 960) >>> 0, 4);
      nonce.writeUInt32BE(count, 0);
      const frame = dave ? dave.encrypt(packet) : packet;
      const end = 12 + frame.length + 16;
      header.copy(datagram, 0);
      const sealed = datagram.subarray(12, end);
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, frame, header, null, nonce, secretKey);
      nonce.copy(datagram, end, 0, 4);
      socket.send(datagram.subarray(0, end + 4));
    }
    ticks += 1;
    setTimeout(tick, Math.max(1, started + ticks * FRAME_MS - performance.now()));
  };
  tick();
}

async function speak({ speaker, dave, seats, lastsMs }: SpeakingRequest): Promise<void> {
  trust(seats.ca);
  if (speaker === 'ours') guardVoiceLibrary();
  const bare = memory();
  const connections = await takeSeats(seats.seats, dave);
  idle = memory();
  guilds = seats.seats.length;
  idleBytes = (idle.resident - bare.resident) / guilds;
  process.send?.('seated');
  await once(process, 'message');
  if (speaker === 'floor') await speakBarely(connections, seats);
  for (const connection of speaker === 'floor' ? [] : connections) {
    if (speaker === 'ours') speakAsWeDo(connection, speech(lastsMs));
    else speakByLibrary(connection, speech(lastsMs));
    await sleep(1); // nobody's speech begins at one moment
  }
  process.send?.('speaking');
}

process.once('disconnect', () => process.exit()); // its profile is written then, if there is one

let guilds = 0;
let idle = { resident: 0, used: 0 };
let idleBytes = 0;
let speakingBytes = 0;
let usedBytes = 0;
let before = process.cpuUsage();
process.on('message', (message: SpeakingRequest | 'speak' | 'begin' | 'end') => {
  if (message === 'begin') {
    const { resident, used } = memory();
    speakingBytes = (resident - idle.resident) / guilds;
    usedBytes = (used - idle.used) / guilds;
    before = process.cpuUsage();
  } else if (message === 'end') {
    const { user, system } = process.cpuUsage(before);
    const cpuMs = (user + system) / 1_000;
    process.send?.({ cpuMs, idleBytes, speakingBytes, usedBytes } satisfies Used);
  } else if (message !== 'speak') void speak(message);
});
