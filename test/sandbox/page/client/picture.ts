import type { Line } from '../protocol.ts';
import { drawn } from './dom.ts';
import { PACKET_MS, runs, waveform } from './waveform.ts';

/** The picture's own units; it is as wide as its place. */
const WIDTH = 600;
const HEIGHT = 76;
const ROW = 12;
const GAP = 4;
const WAVE_TOP = 2 * (ROW + GAP);
const WAVE_HEIGHT = HEIGHT - WAVE_TOP;
/** The picture begins with room for so much, ms, and grows smaller as the line goes on. */
const ROOM_MS = 3_000;

/**
 * Draws when a line was where: the way of its text to Fish Audio, Fish Audio at work (waiting for the first sound,
 * then sending), and what the voice channel heard, as a waveform.
 */
export function picture(line: Line, levels: readonly number[], label: string): SVGElement {
  const { textAt, firstAudioAt, finishedAt, firstHeardAt, elapsed } = line;
  const end = Math.max(ROOM_MS, elapsed);
  const x = (at: number) => (at / end) * WIDTH;
  const bar = (kind: string, y: number, from: number, to: number) =>
    drawn('rect', { class: kind, x: x(from), y, width: Math.max(1, x(to) - x(from)), height: ROW, rx: 2 });
  const second = ROW + GAP;
  return drawn(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': label,
      class: 'picture-of-line',
    },
    [
      ...ticks(end).map(at => drawn('line', { class: 'tick-mark', x1: x(at), x2: x(at), y1: 0, y2: HEIGHT })),
      bar('way', 0, 0, textAt),
      bar('wait', second, textAt, firstAudioAt ?? (line.over ? textAt : elapsed)),
      firstAudioAt !== null && bar('fish', second, firstAudioAt, finishedAt ?? elapsed),
      firstHeardAt !== null &&
        drawn('path', {
          class: line.encrypted ? 'wave' : 'wave plain-sound',
          d: runs(levels, line)
            .map(({ heard, at }) =>
              waveform(heard, {
                from: x(at),
                step: x(PACKET_MS),
                middle: WAVE_TOP + WAVE_HEIGHT / 2,
                half: WAVE_HEIGHT / 2,
              }),
            )
            .join(''),
        }),
    ],
  );
}

/** Where full seconds are, at most ten of them. */
function ticks(end: number): number[] {
  const every = Math.ceil(end / 10_000) * 1_000;
  return Array.from({ length: Math.floor(end / every) }, (_, index) => (index + 1) * every);
}
