import { spawnSync } from 'node:child_process';
import prism from 'prism-media';
import { OggOpusDemuxer } from '../../src/audio/ogg/demuxer.ts';
import { OggOpusWriter, writeOggOpus } from '../sandbox/fish/ogg-writer.ts';
import { cpuMs, cpuMsOf, median, type Row, times } from './figures.ts';

/**
 * B8: from Ogg bytes to Opus packets, one minute of speech in events as Fish Audio sends them, beside
 * prism-media's demuxer and beside ffmpeg, which is what most bots run.
 */

const MINUTE_PACKETS = 3_000;
const PACKET_BYTES = 150;
const EVENT_BYTES = 3_500;
const MESSAGE_BYTES = 150;
/** What Fish Audio puts into a page, and sends as one event. */
const PAGE_PACKETS = 23;
const REPEATS = 5;
const MINUTES = 20;

function minuteOfPackets(): Buffer[] {
  return Array.from({ length: MINUTE_PACKETS }, (_, index) => {
    const packet = Buffer.alloc(PACKET_BYTES, (index * 31) & 0xff);
    packet[0] = 0xf8; // CELT, full band, 20 ms, mono, one frame
    packet.writeUInt32BE(index, 1);
    return packet;
  });
}

function chunks(bytes: Buffer, size: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const part = Buffer.allocUnsafeSlow(Math.min(size, bytes.length - at)); // a message of its own, as from a socket
    bytes.copy(part, 0, at);
    parts.push(part);
  }
  return parts;
}

/** The minute as Fish Audio sends it: each event is a whole page, and the first has the headers too. */
function pages(packets: readonly Buffer[]): Buffer[] {
  const writer = new OggOpusWriter();
  const head = writer.head();
  return Array.from({ length: Math.ceil(packets.length / PAGE_PACKETS) }, (_, index) => {
    const from = index * PAGE_PACKETS;
    const eos = from + PAGE_PACKETS >= packets.length;
    const page = writer.page(packets.slice(from, from + PAGE_PACKETS), { eos });
    const [event] = chunks(index === 0 ? Buffer.concat([head, page]) : page, Number.POSITIVE_INFINITY);
    if (!event) throw new Error('a page without bytes');
    return event;
  });
}

function demux(parts: readonly Buffer[]): Uint8Array[] {
  const demuxer = new OggOpusDemuxer();
  return [...parts.flatMap(part => demuxer.push(part)), ...demuxer.end()];
}

/** As many packets as there are, without keeping them, as `demuxByPrism` does. */
function countPackets(parts: readonly Buffer[]): number {
  const demuxer = new OggOpusDemuxer();
  let packets = 0;
  for (const part of parts) packets += demuxer.push(part).length;
  return packets + demuxer.end().length;
}

async function demuxByPrism(parts: readonly Buffer[]): Promise<void> {
  const demuxer = new prism.opus.OggDemuxer();
  demuxer.resume();
  for (const part of parts) demuxer.write(part);
  demuxer.end();
  await new Promise(resolve => demuxer.once('end', resolve));
}

/** CPU of ffmpeg decoding and encoding one minute, in ms; null where it is not installed. */
function ffmpegMs(bytes: Buffer): number | null {
  const args = ['-loglevel', 'error', '-i', 'pipe:0', '-c:a', 'libopus', '-f', 'ogg', 'pipe:1'];
  const timed = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ffmpeg ${args.join(' ')} >/dev/null`], {
    input: bytes,
    encoding: 'utf8',
  });
  const [, user, system] = /([\d.]+) ([\d.]+)\s*$/.exec(timed.stderr) ?? [];
  return timed.status === 0 && user && system ? (Number(user) + Number(system)) * 1_000 : null;
}

/** The same packets in the same order, whatever the size of the pieces. */
function identical(bytes: Buffer, packets: readonly Buffer[]): boolean {
  return [1, 7, 100, MESSAGE_BYTES, EVENT_BYTES, bytes.length].every(size => {
    const out = demux(chunks(bytes, size));
    return out.length === packets.length && out.every((packet, i) => packets[i]?.equals(packet));
  });
}

async function measure(
  what: string,
  parts: readonly Buffer[],
  same: boolean,
  ffmpeg: number | null,
): Promise<Row> {
  for (let warm = 0; warm < MINUTES; warm += 1) countPackets(parts);
  for (let warm = 0; warm < MINUTES; warm += 1) await demuxByPrism(parts);
  const ours: number[] = [];
  const prisms: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    ours.push(
      cpuMs(() => {
        for (let minute = 0; minute < MINUTES; minute += 1) countPackets(parts);
      }) / MINUTES,
    );
    prisms.push(
      (await cpuMsOf(async () => {
        for (let minute = 0; minute < MINUTES; minute += 1) await demuxByPrism(parts);
      })) / MINUTES,
    );
  }
  const [own, prismMs] = [median(ours), median(prisms)];
  const usual =
    ffmpeg === null
      ? 'ffmpeg not installed'
      : `ffmpeg ${ffmpeg.toFixed(0)} ms (1/${Math.round(ffmpeg / own)})`;
  return {
    id: 'B8',
    what: `Ogg → packets, CPU per minute of audio, ${what}; bytes ${same ? 'identical' : 'DIFFER'} at every size`,
    ours: `${own.toFixed(2)} ms, each page's CRC checked`,
    beside: `prism-media ${prismMs.toFixed(2)} ms (${times(own / prismMs)}), without that check; ${usual}`,
    target: '≤ 5 ms, ≤ 0.6× prism, ≤ 1/200 ffmpeg',
    met: same && own <= 5 && own <= 0.6 * prismMs && (ffmpeg === null || own <= ffmpeg / 200),
  };
}

export async function containerRows(): Promise<Row[]> {
  const packets = minuteOfPackets();
  const bytes = writeOggOpus(packets);
  const [same, ffmpeg] = [identical(bytes, packets), ffmpegMs(bytes)];
  return [
    await measure('in events of a whole page', pages(packets), same, ffmpeg),
    await measure('in events that cut pages', chunks(bytes, EVENT_BYTES), same, ffmpeg),
    await measure('in messages of 20 ms', chunks(bytes, MESSAGE_BYTES), same, ffmpeg),
  ];
}
