import type { Line } from '../protocol.ts';

/** A packet is so long. */
export const PACKET_MS = 20;

interface Frame {
  /** Where the first packet begins, and how wide one is. */
  readonly from: number;
  readonly step: number;
  readonly middle: number;
  /** The height of the loudest, up and down. */
  readonly half: number;
}

const LEVEL_MAX = 255;
/** Narrower columns cannot be seen. */
const COLUMN_MIN = 1.5;
const HEIGHT_MIN = 0.5;

/** The outline of loudness, 0 to 255 a packet, as the `d` of an SVG path; of packets too narrow to see the loudest. */
export function waveform(levels: readonly number[], { from, step, middle, half }: Frame): string {
  const together = Math.max(1, Math.ceil(COLUMN_MIN / step));
  const columns: string[] = [];
  for (let index = 0; index < levels.length; index += together) {
    const level = Math.max(...levels.slice(index, index + together));
    const height = Math.max(HEIGHT_MIN, (level / LEVEL_MAX) * half);
    const left = (from + index * step).toFixed(2);
    const width = (step * together * 0.8).toFixed(2);
    columns.push(`M${left} ${(middle - height).toFixed(2)}h${width}v${(2 * height).toFixed(2)}h-${width}z`);
  }
  return columns.join('');
}

/** The packets between pauses, and when each run of them begins, ms. */
export function runs(
  levels: readonly number[],
  { firstHeardAt, pauses }: Pick<Line, 'firstHeardAt' | 'pauses'>,
): { readonly heard: readonly number[]; readonly at: number }[] {
  const begins = [{ after: 0, ms: 0 }, ...pauses];
  let waited = firstHeardAt ?? 0;
  return begins.map(({ after, ms }, index) => {
    waited += Math.max(0, ms - PACKET_MS);
    return { heard: levels.slice(after, begins[index + 1]?.after), at: waited + after * PACKET_MS };
  });
}
