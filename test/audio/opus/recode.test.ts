import { describe, expect, test } from 'vitest';
import { PacketError, packetSamples, split20 } from '../../../src/audio/opus/packet.ts';
import { Recoder } from '../../../src/audio/opus/recode.ts';
import { decode, encode, loudness, samples } from '../opus.ts';

function recodeAll(packets: readonly Uint8Array[]): Uint8Array[] {
  const recoder = new Recoder();
  return [...packets.flatMap(packet => recoder.recode(packet)), ...recoder.flush()];
}

describe('Recoder', () => {
  test.each([
    { mode: 'silk', ms: 60, packets: 20 },
    { mode: 'silk', ms: 40, packets: 20 },
    { mode: 'silk', ms: 10, packets: 60 },
    { mode: 'celt', ms: 10, packets: 61 },
    { mode: 'celt', ms: 5, packets: 101 },
    { mode: 'celt', ms: 2.5, packets: 203 },
    { mode: 'celt', ms: 60, packets: 10 },
  ] as const)('keeps the duration and the sound: %o', options => {
    const before = encode({ ...options, bitrate: 16_000 });
    if (options.mode === 'silk') for (const packet of before) expect(split20(packet)).toBeNull();
    const after = recodeAll(before);
    const frames = Math.ceil((options.ms * options.packets) / 20);
    expect(after.map(packetSamples)).toEqual(Array.from({ length: frames }, () => 960));
    const [heard, meant] = [decode(after), decode(before)];
    expect(samples(heard)).toBe(frames * 960);
    expect(loudness(heard) / loudness(meant)).toBeGreaterThan(0.8);
    expect(loudness(heard) / loudness(meant)).toBeLessThan(1.2);
  });

  test('gives a packet out when its 20 ms are full, not later', () => {
    const recoder = new Recoder();
    const [first, second, third] = encode({ mode: 'celt', ms: 10, packets: 3 }) as [Buffer, Buffer, Buffer];
    expect(recoder.recode(first)).toHaveLength(0);
    expect(recoder.recode(second)).toHaveLength(1);
    expect(recoder.recode(third)).toHaveLength(0);
    expect(recoder.flush()).toHaveLength(1);
    expect(recoder.flush()).toHaveLength(0);
  });

  test('keeps packets apart: an earlier one is not changed by a later one', () => {
    const recoder = new Recoder();
    const packets = encode({ mode: 'silk', ms: 60, packets: 3 });
    const out = packets.flatMap(packet => recoder.recode(packet));
    const copies = out.map(packet => Buffer.from(packet));
    for (const packet of packets) recoder.recode(packet);
    expect(out.map(packet => Buffer.from(packet).toString('hex'))).toEqual(
      copies.map(copy => copy.toString('hex')),
    );
  });

  test('starts afresh after a flush', () => {
    const packets = encode({ mode: 'silk', ms: 60, packets: 5 });
    const recoder = new Recoder();
    const once = [...packets.flatMap(packet => recoder.recode(packet)), ...recoder.flush()];
    const again = [...packets.flatMap(packet => recoder.recode(packet)), ...recoder.flush()];
    expect(again).toEqual(once);
  });

  test('fills up with silence, not with what was there before', () => {
    const packets = encode({ mode: 'celt', ms: 10, packets: 9 });
    const last = packets.slice(-1);
    const used = new Recoder();
    for (const packet of packets) used.recode(packet);
    used.flush();
    expect([...last.flatMap(packet => used.recode(packet)), ...used.flush()]).toEqual(recodeAll(last));
  });

  test('keeps to the 64 kbit/s that a Discord channel has', () => {
    const after = recodeAll(encode({ mode: 'silk', ms: 60, packets: 50, bitrate: 16_000 }));
    const bytes = after.reduce((sum, packet) => sum + packet.length, 0);
    expect((bytes * 8) / (after.length * 0.02)).toBeLessThan(80_000);
  });

  test('refuses what is not Opus, and goes on with the next packet', () => {
    const recoder = new Recoder();
    const [first, second] = encode({ mode: 'silk', ms: 60, packets: 2 }) as [Buffer, Buffer];
    expect(recoder.recode(first)).toHaveLength(3);
    for (const bad of [new Uint8Array(), Uint8Array.from([0xf9, 1, 2, 3]), new Uint8Array(1300)]) {
      expect(() => recoder.recode(bad)).toThrow(PacketError);
    }
    expect(recoder.recode(second)).toHaveLength(3);
  });

  test('has nothing to flush when nothing came', () => {
    expect(new Recoder().flush()).toEqual([]);
  });
});
