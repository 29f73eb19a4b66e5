import type { AudioPiece, AudioTrack } from './audio-track.ts';
import { type Pcm, pcmBytes, resample } from './pcm.ts';

const EVENT_MS = 460;
const BYTES_PER_SAMPLE = 2;
/** A stream's length is not known when its header goes out; this stands for it. */
const UNKNOWN_LENGTH = 0xffffffff;
const WAV_HEADER_BYTES = 44;

/** Formats `pcm` and `wav`: mono, 16 bits, little-endian; `wav` has a header in front, in the first event. */
export class PcmTrack implements AudioTrack {
  readonly #rate: number;
  readonly #sound: (text: string) => Promise<Pcm>;
  #header: Buffer;

  constructor(sound: (text: string) => Promise<Pcm>, format: 'pcm' | 'wav', rate: number) {
    this.#sound = sound;
    this.#rate = rate;
    this.#header = format === 'wav' ? wavHeader(rate) : Buffer.alloc(0);
  }

  async speak(text: string): Promise<AudioPiece[]> {
    const samples = resample(await this.#sound(text), this.#rate);
    const step = Math.round((this.#rate * EVENT_MS) / 1000);
    const pieces: AudioPiece[] = [];
    for (let at = 0; at < samples.length; at += step) {
      const part = samples.subarray(at, at + step);
      const bytes = Buffer.concat([this.#header, pcmBytes(part)]);
      this.#header = Buffer.alloc(0);
      pieces.push({ bytes, packets: [], ms: (part.length / this.#rate) * 1000, sequel: false });
    }
    return pieces;
  }

  drain(): AudioPiece[] {
    return [];
  }
}

function wavHeader(rate: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(UNKNOWN_LENGTH, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(BYTES_PER_SAMPLE * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(UNKNOWN_LENGTH, 40);
  return header;
}
