import opus from '@discordjs/opus';
import { PacketError, packetSamples } from './packet.ts';

const SAMPLE_RATE_HZ = 48_000;
const CHANNELS = 2;
/** 20 ms of 16-bit samples. */
const FRAME_BYTES = 960 * CHANNELS * 2;
/** What a Discord channel carries by default, bits per second. */
const BITRATE = 64_000;
/** OPUS_RESET_STATE (opus_defines.h): forget the past, keep the settings; the value is not looked at. */
const OPUS_RESET_STATE = 4028;

/**
 * Makes 20 ms packets of any other Opus packets by decoding and encoding: about 0.5 ms of CPU a packet, so only
 * for what cannot be cut by bytes (`split20`). Samples short of 20 ms wait for the next packet.
 */
export class Recoder {
  #codec: InstanceType<typeof opus.OpusEncoder> | null = null;
  readonly #frame = Buffer.alloc(FRAME_BYTES);
  #filled = 0;

  /** The 20 ms packets that are whole now, none for a short packet. Throws `PacketError` for what is not Opus. */
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

  /** What is left, filled up with silence to 20 ms: one packet or none. The next packet starts afresh. */
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
    // The addon takes a Buffer only; this is a view, not a copy.
    return codec.decode(Buffer.from(packet.buffer, packet.byteOffset, packet.length));
  } catch (cause) {
    throw new PacketError('the decoder refused an Opus packet', { cause });
  }
}
