import { type ChildProcess, fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median, ms, type Row, times } from './figures.ts';
import { CONTROL_SSRC, type Observed, type Seats } from './speaking-peer.ts';
import type { Speaker, SpeakingRequest } from './speaking-probe.ts';

const PEER = fileURLToPath(new URL('./speaking-peer.ts', import.meta.url));
const PROBE = fileURLToPath(new URL('./speaking-probe.ts', import.meta.url));

const WARM_MS = 2_500;
const MEASURED_MS = 6_000;
const CONTROL_FRAME_MS = 20;

interface Spoken extends Observed {
  /** Processor time of the process that speaks, by packets that arrived, in µs. */
  readonly cpuUs: number;
  /** The share of a core that it used. */
  readonly load: number;
}

async function answer<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
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

/** Lets one speaker speak in so many guilds at once, and observes it from another process. */
async function spoken(
  speaker: Speaker,
  guilds: number,
  dave: boolean,
  execArgv: readonly string[] = [],
): Promise<Spoken> {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as ['ignore', 'inherit', 'inherit', 'ipc'];
  const peer = fork(PEER, { stdio });
  const probe = fork(PROBE, { stdio, execArgv: [...execArgv] });
  try {
    peer.send({ seats: guilds, dave });
    const seats = await answer<Seats>(peer);
    const lastsMs = WARM_MS + MEASURED_MS + 4_000 + guilds * 3;
    probe.send({ speaker, dave, seats, lastsMs } satisfies SpeakingRequest);
    await answer(probe);
    const stop = control(seats);
    probe.send('speak');
    await answer(probe);
    await sleep(WARM_MS);
    peer.send('begin');
    probe.send('begin');
    await sleep(MEASURED_MS);
    probe.send('end');
    peer.send('end');
    const [{ cpuMs }, observed] = await Promise.all([
      answer<{ cpuMs: number }>(probe),
      answer<Observed>(peer),
    ]);
    stop();
    return {
      ...observed,
      cpuUs: (cpuMs * 1_000) / observed.packets,
      load: cpuMs / MEASURED_MS,
    };
  } finally {
    if (execArgv.length > 0) {
      probe.disconnect();
      await once(probe, 'exit');
    }
    probe.kill('SIGKILL');
    peer.kill('SIGKILL');
  }
}

const GUILDS = 60;
const REPEATS = 3;
const TARGETS = { plain: 0.4, dave: 0.5 };

const middle = (all: readonly Spoken[], of: (one: Spoken) => number) => median(all.map(of));

const inWords = (all: readonly Spoken[]) =>
  `${middle(all, one => one.cpuUs).toFixed(1)} µs a packet, ${middle(all, one => one.rate).toFixed(2)} packets/s, jitter p50 ${ms(middle(all, one => one.jitterP50Ms))}`;

/**
 * B3: the processor time of a packet at 60 guilds that speak, from the packet in hand to the datagram, beside the voice
 * library as it is and beside the floor, in turns, with an observer in another process.
 */
export async function speakingRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const dave of [false, true]) {
    const all: Record<Speaker, Spoken[]> = { ours: [], stock: [], floor: [] };
    for (let repeat = 0; repeat < REPEATS; repeat += 1)
      for (const speaker of ['ours', 'stock', 'floor'] as const)
        all[speaker].push(await spoken(speaker, GUILDS, dave));
    const cpu = (speaker: Speaker) => middle(all[speaker], one => one.cpuUs);
    const share = cpu('ours') / cpu('stock');
    const target = dave ? TARGETS.dave : TARGETS.plain;
    rows.push({
      id: 'B3',
      what: `CPU of a packet, ${GUILDS} guilds speaking, ${dave ? 'end-to-end encrypted' : 'without DAVE'}`,
      ours: inWords(all.ours),
      beside: `@discordjs/voice as it is: ${inWords(all.stock)} (${times(share)}); the floor: ${inWords(all.floor)} (${times(cpu('ours') / cpu('floor'))})`,
      target: `≤ ${target}× the library`,
      met: share <= target,
    });
  }
  return rows;
}
