import { OggOpusDemuxer } from '../audio/ogg/demuxer.ts';
import { packetSamples } from '../audio/opus/packet.ts';
import type { TtsRequest } from '../fish/protocol.ts';

/** What Fish Audio is asked for where a format leaves a choice. */
export const REQUESTED_RATE_HZ = 44_100;
export const MP3_KBITS = 128;
const BYTES_PER_SAMPLE = 2;
const WAV_HEADER_BYTES = 44;
const OPUS_HZ = 48_000;

/** How much sound there is, while it comes. */
export class SoundLength {
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
