import { OggOpusDemuxer } from '../audio/ogg/demuxer.ts';
import { packetSamples } from '../audio/opus/packet.ts';
import type { TtsRequest } from '../fish/protocol.ts';

// Measures how long sound is, and says for which rates Fish Audio is asked.

/** Fish Audio is asked for this sample rate (for WAV, PCM and MP3) and this bitrate (for MP3). */
export const REQUESTED_RATE_HZ = 44_100;
export const MP3_KBITS = 128;
const BYTES_PER_SAMPLE = 2;
const WAV_HEADER_BYTES = 44;
const OPUS_HZ = 48_000;

/** Adds up how long a sound is while it comes, piece by piece. */
export class SoundLength {
  /** The bytes of sound so far. */
  bytes = 0;
  readonly #format: TtsRequest['format'];
  readonly #demuxer = new OggOpusDemuxer();
  #opusSamples = 0;

  constructor(format: TtsRequest['format']) {
    this.#format = format;
  }

  push(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (this.#format !== 'opus') return;
    for (const packet of this.#demuxer.push(bytes)) this.#opusSamples += packetSamples(packet) ?? 0;
  }

  /** The seconds of sound so far. */
  get seconds(): number {
    switch (this.#format) {
      case 'opus':
        return this.#opusSamples / OPUS_HZ;
      case 'mp3':
        return (this.bytes * 8) / (MP3_KBITS * 1_000);
      case 'wav':
        return Math.max(0, this.bytes - WAV_HEADER_BYTES) / (REQUESTED_RATE_HZ * BYTES_PER_SAMPLE);
      case 'pcm':
        return this.bytes / (REQUESTED_RATE_HZ * BYTES_PER_SAMPLE);
    }
  }
}
