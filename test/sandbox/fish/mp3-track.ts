import type { AudioPiece, AudioTrack } from './audio-track.ts';
import { MP3_FRAME_SAMPLES, silentMp3Frame } from './mp3-frames.ts';
import type { Pcm } from './pcm.ts';

const FRAMES_PER_EVENT = 18; // 470 ms at 44.1 kHz

/** Format `mp3`: silence as long as the words would be, in whole frames; what is over goes to the next text. */
export class Mp3Track implements AudioTrack {
  readonly #sound: (text: string) => Promise<Pcm>;
  readonly #rate: number;
  readonly #frame: Buffer;
  /** Samples that fill no frame yet. */
  #rest = 0;

  constructor(sound: (text: string) => Promise<Pcm>, rate: number, kilobits: number) {
    this.#sound = sound;
    this.#rate = rate;
    this.#frame = silentMp3Frame(rate, kilobits);
  }

  async speak(text: string): Promise<AudioPiece[]> {
    const { rate, samples } = await this.#sound(text);
    this.#rest += Math.round((samples.length * this.#rate) / rate);
    const frames = Math.floor(this.#rest / MP3_FRAME_SAMPLES);
    this.#rest -= frames * MP3_FRAME_SAMPLES;
    return this.#pieces(frames);
  }

  drain(): AudioPiece[] {
    return this.#pieces(this.#rest > 0 ? 1 : 0);
  }

  #pieces(frames: number): AudioPiece[] {
    const pieces: AudioPiece[] = [];
    for (let left = frames; left > 0; left -= FRAMES_PER_EVENT) {
      const count = Math.min(left, FRAMES_PER_EVENT);
      const bytes = Buffer.concat(Array.from<Buffer>({ length: count }).fill(this.#frame));
      const ms = (count * MP3_FRAME_SAMPLES * 1000) / this.#rate;
      pieces.push({ bytes, packets: [], ms, sequel: false });
    }
    return pieces;
  }
}
