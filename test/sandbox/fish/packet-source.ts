import { numberedPacket } from './numbered-packets.ts';
import type { OggShape } from './ogg-shape.ts';
import { OPUS_RATE_HZ, OpusPacketEncoder } from './opus-encoder.ts';
import { type Pcm, resample } from './pcm.ts';

const LEAST_PACKETS = 10;
const PACKETS_PER_CHARACTER = 3;
/** `drain` ends a stream with two packets, as libopusenc does. */
const DRAINED_PACKETS = 2;

/** Where the packets of one session come from. */
export interface PacketSource {
  /** The packets that are ready once `text` is spoken; what does not fill a packet is held back. */
  speak(text: string): Promise<Buffer[]>;
  /** The end: what was held back, of which `endTrim` samples at 48 kHz are beyond the end of the sound. */
  drain(): { packets: Buffer[]; endTrim: number };
}

/** Packets that cost nothing to make: see `numberedPacket`. With `total`, that many, all for the first text. */
export class NumberedSource implements PacketSource {
  readonly #shape: OggShape;
  readonly #saturated: boolean;
  readonly #total: number | undefined;
  #index = 0;
  #held: Buffer[] = [];

  constructor(shape: OggShape, saturated: boolean, total?: number) {
    this.#shape = shape;
    this.#saturated = saturated;
    this.#total = total;
  }

  async speak(text: string): Promise<Buffer[]> {
    const said = text.trim();
    const natural = Math.max(LEAST_PACKETS, PACKETS_PER_CHARACTER * Array.from(said).length);
    const count = this.#total === undefined ? natural : this.#index === 0 ? this.#total : 0;
    const packets = Array.from({ length: count }, () =>
      numberedPacket(said, this.#index++, this.#shape.packet, this.#saturated),
    );
    const ready = [...this.#held, ...packets];
    this.#held = ready.splice(-DRAINED_PACKETS);
    return ready;
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
  readonly #sound: (text: string) => Promise<Pcm>;

  constructor(sound: (text: string) => Promise<Pcm>, shape: OggShape, saturated: boolean) {
    this.#sound = sound;
    this.#encoder = new OpusPacketEncoder(shape.packet, saturated);
  }

  async speak(text: string): Promise<Buffer[]> {
    return this.#encoder.encode(resample(await this.#sound(text), OPUS_RATE_HZ));
  }

  drain(): { packets: Buffer[]; endTrim: number } {
    return this.#encoder.drain();
  }
}
