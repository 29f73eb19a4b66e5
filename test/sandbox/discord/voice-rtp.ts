/** RTP as Discord uses it (RFC 3550 section 5.1; Discord, "Voice Connections": Voice Packet Structure). */

export const RTP_HEADER_BYTES = 12;
const VERSION = 2;
const OPUS_PAYLOAD_TYPE = 0x78;
const CSRC_BYTES = 4;
const EXTENSION_PREAMBLE_BYTES = 4;

export interface RtpHeader {
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** Bytes in the clear, which are also the additional data of the cipher. */
  readonly bytes: number;
  /** Bytes of header extension at the start of the decrypted payload. */
  readonly extensionBytes: number;
}

/** The header of an RTP datagram, or null if it is not version 2 with Opus, or ends early. */
export function readRtpHeader(datagram: Buffer): RtpHeader | null {
  if (datagram.length < RTP_HEADER_BYTES) return null;
  const flags = datagram.readUInt8(0);
  if (flags >> 6 !== VERSION || datagram.readUInt8(1) !== OPUS_PAYLOAD_TYPE) return null;
  const hasExtension = (flags & 0x10) !== 0;
  const csrcEnd = RTP_HEADER_BYTES + (flags & 0x0f) * CSRC_BYTES;
  const bytes = hasExtension ? csrcEnd + EXTENSION_PREAMBLE_BYTES : csrcEnd;
  if (datagram.length < bytes) return null;
  return {
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    bytes,
    extensionBytes: hasExtension ? datagram.readUInt16BE(csrcEnd + 2) * 4 : 0,
  };
}
