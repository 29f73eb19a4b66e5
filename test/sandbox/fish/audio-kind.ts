export type AudioKind = 'wav' | 'mp3' | 'flac' | 'ogg' | 'm4a';

/** What Fish takes as a reference in `start`; more is taken where a model is made. */
export const REFERENCE_KINDS: readonly AudioKind[] = ['wav', 'mp3', 'flac'];

/** The kind of an audio file by its first bytes, whatever its name or type say; undefined for anything else. */
export function audioKind(bytes: Uint8Array): AudioKind | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12)).toString('latin1');
  if (head.startsWith('RIFF') && head.endsWith('WAVE')) return 'wav';
  if (head.startsWith('fLaC')) return 'flac';
  if (head.startsWith('OggS')) return 'ogg';
  if (head.startsWith('ftyp', 4)) return 'm4a';
  return head.startsWith('ID3') || startsWithFrame(bytes) ? 'mp3' : undefined;
}

/** A frame header of layer III with legal version, bitrate and rate (ISO 11172-3, 2.4.2.3). */
function startsWithFrame(bytes: Uint8Array): boolean {
  const [sync = 0, kind = 0, rates = 0] = bytes;
  const isLayer3 = sync === 0xff && (kind & 0xe6) === 0xe2 && (kind & 0x18) !== 0x08;
  return isLayer3 && rates >> 4 !== 0 && rates >> 4 !== 15 && (rates & 0x0c) !== 0x0c;
}
