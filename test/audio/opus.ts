import opus from '@discordjs/opus';

/** Control numbers of libopus (opus_defines.h and opus_private.h). */
const SET_BANDWIDTH = 4008;
const SET_VBR = 4006;
const FORCE_MODE = 11002;
const MODES = { silk: 1000, hybrid: 1001, celt: 1002 } as const;
const WIDEBAND = 1103;
const FULLBAND = 1105;
const BYTES_A_SAMPLE = 2;

export interface EncodeOptions {
  mode: keyof typeof MODES;
  /** Milliseconds a packet: 2.5, 5, 10, 20, 40, 60, 80, 100 or 120. */
  ms: number;
  packets: number;
  bitrate?: number;
  channels?: 1 | 2;
  constantRate?: boolean;
}

/** Packets of something like speech: a gliding tone that swells and pauses, by the real libopus. */
export function encode(options: EncodeOptions): Uint8Array[] {
  const { mode, ms, packets, bitrate = 32_000, channels = 1, constantRate = false } = options;
  const encoder = new opus.OpusEncoder(48_000, channels);
  encoder.setBitrate(bitrate);
  encoder.applyEncoderCTL(FORCE_MODE, MODES[mode]);
  encoder.applyEncoderCTL(SET_BANDWIDTH, mode === 'silk' ? WIDEBAND : FULLBAND);
  encoder.applyEncoderCTL(SET_VBR, constantRate ? 0 : 1);
  const size = ms * 48;
  return Array.from({ length: packets }, (_, i) => encoder.encode(speech(i * size, size, channels)));
}

function speech(from: number, size: number, channels: number): Buffer {
  const pcm = Buffer.alloc(size * channels * BYTES_A_SAMPLE);
  for (let i = 0; i < size; i++) {
    const seconds = (from + i) / 48_000;
    const swell = Math.max(0, Math.sin(seconds * 19));
    const tone = Math.sin(2 * Math.PI * (180 + 60 * Math.sin(seconds * 7)) * seconds);
    const noise = ((Math.imul(from + i, 2_654_435_761) >>> 16) / 65_536 - 0.5) * 0.1;
    const sample = Math.round(12_000 * swell * (tone + noise));
    for (let channel = 0; channel < channels; channel++) {
      pcm.writeInt16LE(sample, (i * channels + channel) * BYTES_A_SAMPLE);
    }
  }
  return pcm;
}

/** Stereo 16-bit samples at 48 kHz, from a decoder that has heard nothing else. */
export function decode(packets: Iterable<Uint8Array>): Buffer {
  const decoder = new opus.OpusEncoder(48_000, 2);
  return Buffer.concat(Array.from(packets, packet => decoder.decode(Buffer.from(packet))));
}

/** Samples a channel of what `decode` gives. */
export function samples(pcm: Buffer): number {
  return pcm.length / (2 * BYTES_A_SAMPLE);
}

/** Root mean square over all channels: how loud. */
export function loudness(pcm: Buffer): number {
  let sum = 0;
  for (let at = 0; at < pcm.length; at += BYTES_A_SAMPLE) sum += pcm.readInt16LE(at) ** 2;
  return Math.sqrt(sum / Math.max(1, pcm.length / BYTES_A_SAMPLE));
}

/** Puts packets of one frame and one TOC together to one packet (RFC 6716 §3.2), as plainly as can be. */
export function bundle(
  packets: readonly Uint8Array[],
  code: 1 | 2 | 3,
  options: { variable?: boolean; padding?: number } = {},
): Uint8Array {
  const toc = ((packets[0]?.[0] ?? 0) & 0xfc) | code;
  const frames = packets.map(packet => [...packet.subarray(1)]);
  const length = (frame: number[]) =>
    frame.length < 252
      ? [frame.length]
      : [252 + (frame.length & 3), (frame.length - 252 - (frame.length & 3)) / 4];
  if (code === 1) return Uint8Array.from([toc, ...frames.flat()]);
  if (code === 2) return Uint8Array.from([toc, ...length(frames[0] ?? []), ...frames.flat()]);
  const { variable = true, padding } = options;
  const count = frames.length | (variable ? 0x80 : 0) | (padding === undefined ? 0 : 0x40);
  const lengths = variable ? frames.slice(0, -1).flatMap(length) : [];
  const pad = padding === undefined ? [] : paddingLength(padding);
  const zeros = Array.from({ length: padding ?? 0 }, () => 0);
  return Uint8Array.from([toc, count, ...pad, ...lengths, ...frames.flat(), ...zeros]);
}

/** A byte of 255 stands for 254 and says that another follows. */
function paddingLength(padding: number): number[] {
  return padding < 255 ? [padding] : [255, ...paddingLength(padding - 254)];
}
