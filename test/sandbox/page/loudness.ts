import opus from '@discordjs/opus';

const RATE_HZ = 48_000;
const FULL_SCALE = 32_768;
const LEVEL_MAX = 255;
/** Speech stays far below full scale; the square root makes quiet parts visible. */
const GAIN = 1.6;

/** Says how loud packets are, one after another, for the waveforms that pages draw. The packets stay as they are. */
export class Loudness {
  readonly #decoder = new opus.OpusEncoder(RATE_HZ, 1);

  /** From 0 to 255; 0 for what cannot be decoded. */
  of(packet: Buffer): number {
    let pcm: Buffer;
    try {
      pcm = this.#decoder.decode(packet);
    } catch (error) {
      if (error instanceof Error) return 0;
      throw error;
    }
    const samples = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
    const power = samples.reduce((sum, sample) => sum + (sample / FULL_SCALE) ** 2, 0);
    const rms = samples.length > 0 ? Math.sqrt(power / samples.length) : 0;
    return Math.min(LEVEL_MAX, Math.round(Math.sqrt(rms) * GAIN * LEVEL_MAX));
  }
}
