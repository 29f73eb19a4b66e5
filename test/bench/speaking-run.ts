import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answerOf, startChild } from './child.ts';
import { CONTROL_SSRC, type Observed, type Seats } from './speaking-peer.ts';
import type { Speaker, SpeakingRequest, Used } from './speaking-probe.ts';

const PEER = fileURLToPath(new URL('./speaking-peer.ts', import.meta.url));
const PROBE = fileURLToPath(new URL('./speaking-probe.ts', import.meta.url));

/** As little room for young objects as the bot is started with. */
const LIKE_THE_BOT = ['--max-semi-space-size=4'];

const WARM_MS = 2_500;
const MEASURED_MS = 6_000;
/** Speech begins in one guild after another, so the first has to last so much longer for each guild. */
const STAGGER_MS = 3;
const SPARE_MS = 4_000;
const CONTROL_FRAME_MS = 20;

/** Who speaks, where, and in how many processes (one if absent). */
export interface Scene {
  readonly speaker: Speaker;
  readonly guilds: number;
  readonly dave: boolean;
  readonly processes?: number;
}

export interface Spoken extends Observed {
  /** Processor time of the processes that speak, by packets that arrived, in µs. */
  readonly cpuUs: number;
  /** The share of a core that they used. */
  readonly load: number;
  /** Resident memory by guild, in KB: what a connection takes, and what speech in hand takes more. */
  readonly idleKb: number;
  readonly speakingKb: number;
  /** How much of `speakingKb` is in use. */
  readonly usedKb: number;
}

/** Sends a packet each 20 ms from this process, which does nothing else, until the returned function is called. */
function control({ udp }: Seats): () => void {
  const socket = createSocket('udp4');
  const packet = Buffer.alloc(100);
  packet.writeUInt16BE(0x8078, 0);
  packet.writeUInt32BE(CONTROL_SSRC, 8);
  let sequence = 0;
  const timer = setInterval(() => {
    sequence = (sequence + 1) & 0xffff;
    packet.writeUInt16BE(sequence, 2);
    socket.send(packet, udp.port, udp.ip);
  }, CONTROL_FRAME_MS);
  return () => {
    clearInterval(timer);
    socket.close();
  };
}

/** Lets one speaker speak in so many guilds at once, for six seconds, and observes it from another process. */
export async function spoken({ speaker, guilds, dave, processes = 1 }: Scene): Promise<Spoken> {
  const peer = startChild(PEER, LIKE_THE_BOT);
  const probes = Array.from({ length: processes }, () => startChild(PROBE, LIKE_THE_BOT));
  try {
    peer.send({ seats: guilds, dave });
    const all = await answerOf<Seats>(peer);
    const lastsMs = WARM_MS + MEASURED_MS + SPARE_MS + guilds * STAGGER_MS;
    const each = async (act: (probe: ChildProcess, index: number) => void) => {
      await Promise.all(
        probes.map((probe, index) => {
          const told = answerOf(probe);
          act(probe, index);
          return told;
        }),
      );
    };
    await each((probe, index) => {
      const seats = { ...all, seats: all.seats.filter((_, at) => at % processes === index) };
      probe.send({ speaker, dave, seats, lastsMs } satisfies SpeakingRequest);
    });
    const stop = control(all);
    await each(probe => probe.send('speak'));
    await sleep(WARM_MS);
    for (const process of [peer, ...probes]) process.send('begin');
    await sleep(MEASURED_MS);
    const answers = Promise.all([answerOf<Observed>(peer), ...probes.map(probe => answerOf<Used>(probe))]);
    for (const process of [...probes, peer]) process.send('end');
    const [observed, ...used] = await answers;
    stop();
    const sum = (of: (one: Used) => number) => used.reduce((total, one) => total + of(one), 0);
    const cpuMs = sum(one => one.cpuMs);
    return {
      ...observed,
      cpuUs: (cpuMs * 1_000) / observed.packets,
      load: cpuMs / MEASURED_MS,
      idleKb: sum(one => one.idleBytes) / processes / 1_024,
      speakingKb: sum(one => one.speakingBytes) / processes / 1_024,
      usedKb: sum(one => one.usedBytes) / processes / 1_024,
    };
  } finally {
    for (const process of [...probes, peer]) process.kill('SIGKILL');
  }
}
