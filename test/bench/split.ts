import opus from '@discordjs/opus';
import { split20 } from '../../src/audio/opus/packet.ts';
import { cpuMs, median, type Row } from './figures.ts';

/** B9: a packet of three 20 ms frames into three, at byte level, beside decoding and encoding it. */

const REPEATS = 5;
const PACKETS = 200;
const ROUNDS = 50;
const FRAME = 960;

/** Three packets of one frame each as one packet of three (RFC 6716 §3.2.5, code 3, VBR). */
function join(frames: readonly Buffer[]): Buffer {
  const [first] = frames;
  if (!first) throw new Error('no frames');
  const lengths = frames.slice(0, -1).map(frame => {
    const length = frame.length - 1;
    return length < 252
      ? Buffer.of(length)
      : Buffer.of(252 + (length & 3), (length - 252 - (length & 3)) >> 2);
  });
  const head = Buffer.of(((first[0] ?? 0) & 0xfc) | 3, 0x80 | frames.length);
  return Buffer.concat([head, ...lengths, ...frames.map(frame => frame.subarray(1))]);
}

export function splitRows(): Row[] {
  const encoder = new opus.OpusEncoder(48_000, 1);
  const singles = Array.from({ length: PACKETS * 3 }, (_, index) => {
    const pcm = Buffer.alloc(FRAME * 2);
    for (let i = 0; i < FRAME; i += 1)
      pcm.writeInt16LE(Math.round(9_000 * Math.sin(((index * FRAME + i) * (440 + index)) / 8_000)), i * 2);
    return encoder.encode(pcm);
  });
  const joined = Array.from({ length: PACKETS }, (_, index) => join(singles.slice(index * 3, index * 3 + 3)));
  const [whole, parts] = [new opus.OpusEncoder(48_000, 1), new opus.OpusEncoder(48_000, 1)];
  const identical = joined.every(packet => {
    const split = split20(packet);
    if (!split) return false;
    return whole.decode(packet).equals(Buffer.concat(split.map(part => parts.decode(Buffer.from(part)))));
  });
  const ours: number[] = [];
  const recodes: number[] = [];
  const coder = new opus.OpusEncoder(48_000, 1);
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const cpu = cpuMs(() => {
      for (let round = 0; round < ROUNDS; round += 1) for (const packet of joined) split20(packet);
    });
    ours.push((cpu * 1_000) / (ROUNDS * PACKETS * 3));
    const slow = cpuMs(() => {
      for (const packet of joined) {
        const pcm = coder.decode(packet);
        for (let at = 0; at < pcm.length; at += FRAME * 2) coder.encode(pcm.subarray(at, at + FRAME * 2));
      }
    });
    recodes.push((slow * 1_000) / (PACKETS * 3));
  }
  const [own, recode] = [median(ours), median(recodes)];
  return [
    {
      id: 'B9',
      what: `60 ms → 20 ms, per packet; decodes ${identical ? 'bit-identical' : 'DIFFERENTLY'}`,
      ours: `${own.toFixed(2)} µs`,
      beside: `decoding and encoding ${recode.toFixed(0)} µs (${Math.round(recode / own)} times as much)`,
      target: '≤ 3 µs, bit-identical',
      met: identical && own <= 3,
    },
  ];
}
