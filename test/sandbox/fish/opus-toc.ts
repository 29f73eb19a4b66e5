const SAMPLE_RATE_HZ = 48_000;

/** Samples at 48 kHz in one frame, by configuration number (RFC 6716 table 2). */
function frameSamples(config: number): number {
  if (config < 12) return (SAMPLE_RATE_HZ / 1000) * [10, 20, 40, 60][config % 4]!;
  if (config < 16) return (SAMPLE_RATE_HZ / 1000) * [10, 20][config % 2]!;
  return (SAMPLE_RATE_HZ / 1000) * [2.5, 5, 10, 20][config % 4]!;
}

/** Length of an Opus packet in samples at 48 kHz, from its first two bytes (RFC 6716 section 3.1). */
export function packetSamples(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f;
  return frames * frameSamples(toc >> 3);
}
