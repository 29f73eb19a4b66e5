import { numberedPacket } from './numbered-packets.ts';
import type { OggShape } from './ogg-shape.ts';
import { PRE_SKIP_SAMPLES } from './ogg-writer.ts';
import { OPUS_RATE_HZ, OpusPacketEncoder } from './opus-encoder.ts';
import { resample, type Spoken } from './pcm.ts';
import { partsOf, type Rendition, type SpokenWord } from './rendition.ts';

const LEAST_PACKETS = 10;
const PACKETS_PER_CHARACTER = 3;
/** `drain` ends a stream with two packets, as libopusenc does. */
const DRAINED_PACKETS = 2;

/** Where the packets of one session come from. */
export interface PacketSource {
  /**
   * The packets that are ready once `text` is spoken; what does not fill a packet is held back. The words are
   * counted from the first packet of the source.
   */
  speak(text: string): Promise<{ packets: Buffer[]; words: SpokenWord[] }>;
  /** The end: what was held back, of which `endTrim` samples at 48 kHz are beyond the end of the sound. */
  drain(): { packets: Buffer[]; endTrim: number };
}

interface NumberedSourceOptions {
  readonly shape: OggShape;
  readonly saturated: boolean;
  readonly rendition: Rendition;
  /** So many packets, all for the first text. */
  readonly total: number | undefined;
}

/** Packets that cost nothing to make: see `numberedPacket`. Words are noise, with silence between them. */
export class NumberedSource implements PacketSource {
  readonly #options: NumberedSourceOptions;
  #index = 0;
  #held: Buffer[] = [];

  constructor(options: NumberedSourceOptions) {
    this.#options = options;
  }

  async speak(text: string): Promise<{ packets: Buffer[]; words: SpokenWord[] }> {
    const { shape, saturated, rendition, total } = this.#options;
    const said = text.trim();
    const lengths = partsOf(said).map(part => {
      const natural = PACKETS_PER_CHARACTER * Array.from(part.text).length * rendition.stretch();
      return { ...part, natural };
    });
    const natural = lengths.reduce((sum, part) => sum + part.natural, 0);
    const count =
      total === undefined ? Math.max(LEAST_PACKETS, Math.round(natural)) : this.#index === 0 ? total : 0;
    const packets = [...this.#held];
    const words: SpokenWord[] = [];
    const first = this.#index;
    let passed = 0;
    for (const part of lengths) {
      const from = this.#index;
      passed += part.natural;
      for (const to = first + Math.round((count * passed) / natural); this.#index < to; this.#index += 1) {
        const number = { text: said, index: this.#index, rendition: rendition.number };
        packets.push(numberedPacket({ ...number, shape: shape.packet, saturated, silent: !part.isWord }));
      }
      if (part.isWord && this.#index > from) words.push({ text: part.text, from, to: this.#index });
    }
    this.#held = packets.splice(-DRAINED_PACKETS);
    return { packets, words };
  }

  drain(): { packets: Buffer[]; endTrim: number } {
    const packets = this.#held;
    this.#held = [];
    return { packets, endTrim: 0 };
  }
}

/** Real Opus of real sound; one encoder for the whole session. */
export class SpokenSource implements PacketSource {
  readonly #encoder: OpusPacketEncoder;
  readonly #sound: (text: string) => Promise<Spoken>;
  /** Samples at 48 kHz until now. */
  #samples = 0;

  constructor(sound: (text: string) => Promise<Spoken>, shape: OggShape, saturated: boolean) {
    this.#sound = sound;
    this.#encoder = new OpusPacketEncoder(shape.packet, saturated);
  }

  async speak(text: string): Promise<{ packets: Buffer[]; words: SpokenWord[] }> {
    const spoken = await this.#sound(text);
    const samples = resample(spoken, OPUS_RATE_HZ);
    // The encoder is late by as much.
    const from = this.#samples + PRE_SKIP_SAMPLES;
    const packetOf = (at: number) => (from + (at * OPUS_RATE_HZ) / spoken.rate) / this.#encoder.packetSamples;
    const words = spoken.words.map(word => ({
      text: word.text,
      from: Math.floor(packetOf(word.from)),
      to: Math.ceil(packetOf(word.to)),
    }));
    this.#samples += samples.length;
    return { packets: this.#encoder.encode(samples), words };
  }

  drain(): { packets: Buffer[]; endTrim: number } {
    const { packets, endTrim } = this.#encoder.drain();
    this.#samples += endTrim + PRE_SKIP_SAMPLES;
    return { packets, endTrim };
  }
}
