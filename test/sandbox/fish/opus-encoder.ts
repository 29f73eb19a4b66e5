import opus from '@discordjs/opus';
import type { PacketShape } from './ogg-shape.ts';
import { PRE_SKIP_SAMPLES } from './ogg-writer.ts';
import { pcmBytes } from './pcm.ts';

export const OPUS_RATE_HZ = 48_000;
/** libopus's own choice for mono, 20 ms and automatic bitrate; as measured from Fish. */
const AUTO_BITRATE = 60_000;
/** More than libopus spends: speech comes out at about 260 kb/s. */
const SATURATED_BITRATE = 512_000;
const FRAME_MS: Record<PacketShape, number> = {
  plain: 20,
  '10ms': 10,
  '60ms': 60,
  'two-10ms': 10,
  padded: 20,
  stereo: 20,
  'silk-40ms': 40,
  'silk-60ms': 60,
};
const PADDING_BYTES = 20;

/** Requests to the encoder and their values (opus_defines.h; the last two from opus_private.h). */
const SET_BANDWIDTH = 4008;
const BANDWIDTH_WIDE = 1103;
const SET_VBR = 4006;
const SET_COMPLEXITY = 4010;
/** Of 0 to 10: half of the processor time of libopus's own choice, for packets of the same kind and length. */
const LITTLE_COMPLEXITY = 3;
const SET_FORCE_MODE = 11_002;
const MODE_SILK_ONLY = 1000;

/** One encoder for one stream: sound at 48 kHz in, Opus packets of the wanted shape out. */
export class OpusPacketEncoder {
  readonly #shape: PacketShape;
  readonly #frameSamples: number;
  readonly #encoder: opus.OpusEncoder;
  readonly #step: number;
  /** Sound that is held back. */
  #rest = new Int16Array();

  constructor(shape: PacketShape, saturated: boolean) {
    this.#shape = shape;
    this.#frameSamples = (FRAME_MS[shape] * OPUS_RATE_HZ) / 1000;
    this.#step = this.#frameSamples * (shape === 'two-10ms' ? 2 : 1);
    this.#encoder = new opus.OpusEncoder(OPUS_RATE_HZ, shape === 'stereo' ? 2 : 1);
    this.#encoder.setBitrate(saturated ? SATURATED_BITRATE : AUTO_BITRATE);
    this.#encoder.applyEncoderCTL(SET_COMPLEXITY, LITTLE_COMPLEXITY);
    if (shape === 'two-10ms') this.#encoder.applyEncoderCTL(SET_VBR, 0); // code 1 wants two equal lengths
    if (shape.startsWith('silk')) {
      this.#encoder.applyEncoderCTL(SET_FORCE_MODE, MODE_SILK_ONLY);
      this.#encoder.applyEncoderCTL(SET_BANDWIDTH, BANDWIDTH_WIDE);
    }
  }

  /** Samples of one packet. */
  get packetSamples(): number {
    return this.#step;
  }

  /** The packets that are full. As much stays back as fills, with the encoder's delay, more than one packet. */
  encode(samples: Int16Array): Buffer[] {
    const all = new Int16Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const full = Math.max(0, Math.ceil((all.length + PRE_SKIP_SAMPLES) / this.#step) - 2);
    this.#rest = all.slice(full * this.#step);
    return this.#packets(all, full);
  }

  /** The last packets, two but for very short sound; `endTrim` samples of them are beyond the end. */
  drain(): { packets: Buffer[]; endTrim: number } {
    if (this.#rest.length === 0) return { packets: [], endTrim: 0 };
    const needed = this.#rest.length + PRE_SKIP_SAMPLES;
    const count = Math.ceil(needed / this.#step);
    const all = new Int16Array(count * this.#step);
    all.set(this.#rest);
    this.#rest = new Int16Array();
    return { packets: this.#packets(all, count), endTrim: all.length - needed };
  }

  #packets(samples: Int16Array, count: number): Buffer[] {
    const at = (i: number) => i * this.#step;
    return Array.from({ length: count }, (_, i) => this.#packet(samples.subarray(at(i), at(i + 1))));
  }

  #packet(samples: Int16Array): Buffer {
    switch (this.#shape) {
      case 'padded':
        return padded(this.#frame(samples));
      case 'two-10ms': {
        const [first, second] = [
          this.#frame(samples.subarray(0, this.#frameSamples)),
          this.#frame(samples.subarray(this.#frameSamples)),
        ];
        return Buffer.concat([Buffer.of(first[0]! | 1), first.subarray(1), second.subarray(1)]);
      }
      case 'stereo':
        return this.#frame(Int16Array.from({ length: samples.length * 2 }, (_, i) => samples[i >> 1]!));
      case 'plain':
      case '10ms':
      case '60ms':
      case 'silk-40ms':
      case 'silk-60ms':
        return this.#frame(samples);
    }
  }

  #frame(samples: Int16Array): Buffer {
    return this.#encoder.encode(pcmBytes(samples));
  }
}

/** A packet of one frame (code 0) as code 3 with padding (RFC 6716 section 3.2.5). */
function padded(packet: Buffer): Buffer {
  const header = Buffer.of(packet[0]! | 3, 0x41, PADDING_BYTES);
  return Buffer.concat([header, packet.subarray(1), Buffer.alloc(PADDING_BYTES)]);
}
