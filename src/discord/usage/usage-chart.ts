import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';

const FONT = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

const WIDTH = 800;
const HEIGHT = 320;
const LEFT = 80;
const RIGHT = 20;
const TOP = 20;
const BOTTOM = 40;
/** The most days that are named below the bars. */
const MAX_LABELS = 8;
const GRID_LINES = 4;

/** Discord's own colours. The picture has its own background, so it can be read on a dark and on a light page. */
const PAPER = '#2b2d31';
const INK = '#dbdee1';
const BAR = '#5865f2';

/** How much was spoken on one day. */
export interface UsageDay {
  /** The day in UTC, such as `2026-11-24`. */
  readonly day: string;
  /** The bytes of text that were sent to Fish Audio. */
  readonly bytes: number;
}

/** Returns a round number that is not below `value`, so that the grid lines stand at round numbers too. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, GRID_LINES)));
  return [1, 2, 4, 8, 10].map(step => step * unit).find(round => round >= value) ?? value;
}

/**
 * Returns the chart as SVG, with one bar for each day. It has only numbers and dates in it, so it needs no
 * translation.
 */
function usageSvg(days: readonly UsageDay[]): string {
  const top = roundUp(Math.max(...days.map(({ bytes }) => bytes)));
  const step = (WIDTH - LEFT - RIGHT) / days.length;
  const room = HEIGHT - TOP - BOTTOM;
  const y = (bytes: number) => TOP + room * (1 - bytes / top);
  const every = Math.ceil(days.length / MAX_LABELS);
  const grid = Array.from({ length: GRID_LINES + 1 }, (_, index) => {
    const value = (top / GRID_LINES) * index;
    return `<path d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}" stroke="${INK}" stroke-opacity=".2"/>
<text x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${value.toLocaleString('en')}</text>`;
  });
  const bars = days.map(({ day, bytes }, index) => {
    const x = LEFT + step * index;
    const height = bytes === 0 ? 0 : Math.max(y(0) - y(bytes), 1);
    const bar = `<rect x="${x + step * 0.15}" y="${y(0) - height}" width="${step * 0.7}" height="${height}" rx="2" fill="${BAR}"/>`;
    const label = `<text x="${x + step / 2}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${day.slice(5)}</text>`;
    return (days.length - 1 - index) % every === 0 ? bar + label : bar;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Sans" font-size="13" fill="${INK}">
<rect width="100%" height="100%" fill="${PAPER}"/>${grid.join('')}${bars.join('')}</svg>`;
}

/**
 * Draws a chart with one bar for each day, as a PNG for `/usage`. It is drawn on another thread, because the event
 * loop must stay free for the audio of all guilds.
 */
export async function usageChart(days: readonly UsageDay[]): Promise<Buffer> {
  const picture = await renderAsync(usageSvg(days), {
    font: { fontFiles: [FONT], loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
  });
  return picture.asPng();
}
