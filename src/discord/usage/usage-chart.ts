import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { renderAsync } from '@resvg/resvg-js';
import { glyphsOf } from './glyphs.ts';

// Draws the picture of `/usage`: one bar for each day, with a colour for each of the people who had the most said.
// `usage.ts` counts what is drawn and puts it into words.

/**
 * The fonts of the picture: one for most alphabets, and one for Japanese, Korean and Chinese, which has only the
 * characters of our own texts (see `fonts/README.md`).
 */
const FONTS = [
  createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  fileURLToPath(new URL('fonts/cjk.ttf', import.meta.url)),
];

const WIDTH = 800;
const HEIGHT = 440;
const LEFT = 96;
const RIGHT = 84;
const TOP = 112;
const BOTTOM = 84;
/** How many pixels the picture has for each unit, so that it is sharp on phones. */
const ZOOM = 1.5;
/** The most days that are named below the bars. */
const MAX_LABELS = 8;
/** If there are more bars than this, none has its cost above it. */
const MAX_COSTS = 10;
const GRID_LINES = 4;
/** The cap is drawn to scale if it is at most this many times the highest bar; a higher one would flatten all bars. */
const CAP_IN_SCALE = 3;

/** Discord's own colours. The picture has its own background, so it can be read on a dark and on a light page. */
const PAPER = '#2b2d31';
const INK = '#f2f3f5';
const FAINT = '#b5bac1';
const CAP = '#fa777c';
/** The colours of people in the bars; those next to each other differ in lightness too. All others share the last. */
const COLOURS = ['#5865f2', '#57d38c', '#fee75c', '#eb9edc', '#4fd1e8'] as const;
const OTHERS = '#949ba4';
/** How many people have a colour of their own. */
export const MAX_COLOURS = COLOURS.length;

/** What the picture shows, with all texts in the reader's language. */
export interface UsagePicture {
  /** What the bars are. */
  readonly title: string;
  /** Which days the bars show, and how much was spoken on all of them. */
  readonly subtitle: string;
  /** The unit of the left scale, such as `bytes`. */
  readonly unit: string;
  readonly days: readonly UsageDay[];
  /** Who has which colour, in the order of `parts`; nobody when the picture is about one person. */
  readonly people: readonly string[];
  /** The most bytes of a day, and how that is said; null when there is no such cap. */
  readonly cap: { readonly bytes: number; readonly label: string } | null;
  /** Returns a number of bytes as it stands at the left scale. */
  readonly inNumbers: (bytes: number) => string;
  /** Returns about how long it takes to say each of these numbers of bytes, for the right scale. They come in order. */
  readonly inTime: (bytes: readonly number[]) => readonly string[];
}

/** How much was spoken on one day. */
interface UsageDay {
  /** The day as people of the reader's language write it, or "today". */
  readonly label: string;
  /** What it cost; an empty text when it was free. */
  readonly cost: string;
  /** The bytes of each person who has a colour, and in the end those of all others. */
  readonly parts: readonly number[];
}

/** Tells whether all characters of a text can be drawn. */
export const canDraw = glyphsOf(FONTS);

/** Returns a round number that is not below `value`, so that the grid lines stand at round whole numbers too. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, GRID_LINES)));
  const rounds = [1, 2, 4, 8, 10, 20].map(step => step * unit);
  return rounds.find(round => round >= value && round % GRID_LINES === 0) ?? value;
}

/** Returns the picture as SVG, with one bar for each day. */
export function usageSvg(picture: UsagePicture): string {
  const { days, people, cap } = picture;
  const highest = Math.max(...days.map(({ parts }) => total(parts)));
  const capInScale = cap !== null && cap.bytes > 0 && cap.bytes <= highest * CAP_IN_SCALE;
  const top = roundUp(Math.max(highest, capInScale ? cap.bytes : 0));
  const room = HEIGHT - TOP - BOTTOM;
  const y = (bytes: number) => TOP + room * (1 - bytes / top);
  const parts = [
    text({ x: 24, y: 38, size: 20, bold: true }, picture.title),
    text({ x: 24, y: 62, size: 14, fill: FAINT }, picture.subtitle),
    text({ x: LEFT - 10, y: TOP - 14, size: 12, anchor: 'end', fill: FAINT }, picture.unit),
    ...grid(picture, top, y),
    ...bars(days, y),
    ...(cap ? [capLine(cap.label, capInScale ? y(cap.bytes) : TOP - 10, capInScale)] : []),
    ...legend(people),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Sans, Droid Sans Fallback" fill="${INK}">
<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>${parts.join('\n')}</svg>`;
}

function grid({ inNumbers, inTime }: UsagePicture, top: number, y: (bytes: number) => number): string[] {
  const values = Array.from({ length: GRID_LINES + 1 }, (_, index) => (top / GRID_LINES) * index);
  const times = ['', ...inTime(values.slice(1))];
  return values.map((value, index) => {
    const at = y(value) + 4;
    const line = `<path d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}" stroke="${INK}" stroke-opacity="${index === 0 ? 0.6 : 0.15}"/>`;
    const left = text({ x: LEFT - 10, y: at, size: 12, anchor: 'end' }, inNumbers(value));
    const right = text({ x: WIDTH - RIGHT + 10, y: at, size: 12, fill: FAINT }, times[index] ?? '');
    return line + left + right;
  });
}

function bars(days: readonly UsageDay[], y: (bytes: number) => number): string[] {
  const step = (WIDTH - LEFT - RIGHT) / days.length;
  const width = Math.min(step * 0.7, 64);
  const every = Math.ceil(days.length / MAX_LABELS);
  return days.flatMap(({ label, cost, parts }, index) => {
    const middle = LEFT + step * (index + 0.5);
    const isNamed = (days.length - 1 - index) % every === 0;
    const isLast = index === days.length - 1;
    let below = 0;
    const pieces = parts.map((bytes, who) => {
      if (bytes === 0) return '';
      const [from, to] = [y(below), y(below + bytes)];
      below += bytes;
      const height = Math.max(from - to, 1);
      return `<rect x="${middle - width / 2}" y="${from - height}" width="${width}" height="${height}" fill="${colourOf(who)}"/>`;
    });
    return [
      ...pieces,
      ...(isNamed
        ? [text({ x: middle, y: y(0) + 20, size: 12, anchor: 'middle', bold: isLast }, label)]
        : []),
      ...(cost !== '' && days.length <= MAX_COSTS
        ? [text({ x: middle, y: y(below) - 6, size: 11, anchor: 'middle', fill: FAINT }, cost)]
        : []),
    ];
  });
}

/** Returns the line of the cap; where it is above the picture, its name with an arrow. */
function capLine(label: string, at: number, isInScale: boolean): string {
  const line = isInScale
    ? `<path d="M${LEFT} ${at}H${WIDTH - RIGHT}" stroke="${CAP}" stroke-width="2" stroke-dasharray="6 5"/>`
    : '';
  const name = isInScale ? label : `↑ ${label}`;
  return line + text({ x: WIDTH - RIGHT, y: at - 6, size: 12, anchor: 'end', fill: CAP }, name);
}

/** Returns who has which colour, in one row. */
function legend(people: readonly string[]): string[] {
  const step = (WIDTH - 48) / Math.max(people.length, 3);
  return people.map((name, who) => {
    const x = 24 + step * who;
    const box = `<rect x="${x}" y="${HEIGHT - 34}" width="12" height="12" rx="3" fill="${colourOf(who)}"/>`;
    const most = Math.floor((step - 24) / 8);
    const short =
      name.length > most
        ? `${Array.from(name)
            .slice(0, most - 1)
            .join('')}…`
        : name;
    return box + text({ x: x + 18, y: HEIGHT - 23, size: 13 }, short);
  });
}

/** The colour of the person at this place; all others come last. */
function colourOf(who: number): string {
  return (who < MAX_COLOURS && COLOURS[who]) || OTHERS;
}

interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly fill?: string;
  readonly bold?: boolean;
}

function text(
  { x, y, size, anchor = 'start', fill = INK, bold = false }: TextPlace,
  content: string,
): string {
  const escaped = content
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}" fill="${fill}" font-weight="${bold ? 'bold' : 'normal'}" stroke="${PAPER}" stroke-width="3" paint-order="stroke">${escaped}</text>`;
}

const total = (parts: readonly number[]) => parts.reduce((sum, bytes) => sum + bytes, 0);

/**
 * Draws the picture of `/usage` as a PNG. It is drawn on another thread, because the event loop must stay free for the
 * audio of all guilds.
 */
export async function usageChart(picture: UsagePicture): Promise<Buffer> {
  const drawn = await renderAsync(usageSvg(picture), {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
  });
  return drawn.asPng();
}
