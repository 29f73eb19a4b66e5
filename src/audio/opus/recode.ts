import opus from '@discordjs/opus';
import { PacketError, packetSamples } from './packet.ts';

// For the few packets that cannot be cut into 20 ms (`packet.ts`): they are decoded and encoded again.

const SAMPLE_RATE_HZ = 48_000;
const CHANNELS = 2;
/** The bytes of 20 ms of 16-bit samples. */
const FRAME_BYTES = 960 * CHANNELS * 2;
/** Bits a second: the default bitrate of Discord's voice channels. */
const BITRATE = 64_000;
/** OPUS_RESET_STATE (opus_defines.h) makes a codec forget what came before, and keep its settings. */
const OPUS_RESET_STATE = 4028;

/**
 * Makes packets of 20 ms of any other Opus packets, by decoding and encoding them. That takes about 0.5 ms of CPU a
 * packet, so it is used only for packets that `split20` cannot cut. A rest of less than 20 ms waits for the next
 * packet.
 */
export class Recoder {
  #codec: InstanceType<typeof opus.OpusEncoder> | null = null;
  readonly #frame = Buffer.alloc(FRAME_BYTES);
  #filled = 0;

  /**
   * Takes a packet and returns the 20 ms packets that are whole now, perhaps none. Throws `PacketError` for what is not
   * Opus.
   */
  recode(packet: Uint8Array): Uint8Array[] {
    if (packetSamples(packet) === null) throw new PacketError('not an Opus packet');
    this.#codec ??= newCodec();
    const pcm = decode(this.#codec, packet);
    const out: Uint8Array[] = [];
    for (let at = 0; at < pcm.length; ) {
      const taken = pcm.copy(this.#frame, this.#filled, at);
      at += taken;
      this.#filled += taken;
      if (this.#filled === FRAME_BYTES) out.push(this.#encode());
    }
    return out;
  }

  /**
   * Returns the rest, filled up with silence to one packet of 20 ms, if there is a rest. The next packet begins anew.
   */
  flush(): Uint8Array[] {
    const out: Uint8Array[] = [];
    if (this.#filled > 0) {
      this.#frame.fill(0, this.#filled);
      out.push(this.#encode());
    }
    this.#codec?.applyDecoderCTL(OPUS_RESET_STATE, 0);
    this.#codec?.applyEncoderCTL(OPUS_RESET_STATE, 0);
    return out;
  }

  #encode(): Uint8Array {
    this.#codec ??= newCodec();
    this.#filled = 0;
    return this.#codec.encode(this.#frame);
  }
}

function newCodec(): InstanceType<typeof opus.OpusEncoder> {
  const codec = new opus.OpusEncoder(SAMPLE_RATE_HZ, CHANNELS);
  codec.setBitrate(BITRATE);
  return codec;
}

function decode(codec: InstanceType<typeof opus.OpusEncoder>, packet: Uint8Array): Buffer {
  try {
    // The addon takes only a Buffer. This makes a view and no copy.
    return codec.decode(Buffer.from(packet.buffer, packet.byteOffset, packet.length));
  } catch (cause) {
    throw new PacketError('the decoder refused an Opus packet', { cause });
  }
}
