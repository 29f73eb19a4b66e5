import { drawn } from './dom.ts';

/** Pictures of the page's own, in the colour of the words beside them: not everybody has a font with emoji. */
const SHAPES = {
  text: 'M4 8h12M4 13h12M8 3 6 18M14 3l-2 15',
  voice: 'M3 8v5h3l5 4V4L6 8zM14 7c2 2 2 5 0 7M16 5c3 3 3 8 0 11',
  lock: 'M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3',
  open: 'M5 9h10v8H5zM7 9V6a3 3 0 0 1 5-2',
  parrot: 'M3 15C3 8 7 4 13 4c3 0 4 2 4 4l-3 1c-1 4-5 7-11 6zM13 7h.1',
  pause: 'M7 5v10M13 5v10',
  play: 'M6 4v12l10-6z',
  skip: 'M5 4v12l8-6zM16 4v12',
  stop: 'M5 5h10v10H5z',
  list: 'M4 6h1M8 6h8M4 10h1M8 10h8M4 14h1M8 14h8',
  warning: 'M10 3 2 17h16zM10 8v4M10 14.5v.1',
  heart: 'M10 17C4 12 2 10 2 7a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 3-2 5-8 10z',
  gear: 'M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM10 2v3M10 15v3M2 10h3M15 10h3M4.3 4.3l2.2 2.2M13.5 13.5l2.2 2.2M15.7 4.3l-2.2 2.2M6.5 13.5l-2.2 2.2',
  reply: 'M8 5 3 10l5 5M3 10h8c4 0 6 2 6 6',
  picture: 'M3 4h14v12H3zM3 14l4-5 4 4 2-2 4 4M13 8v.1',
  file: 'M13 6 7.5 11.5a1.5 1.5 0 0 0 2 2L16 7a3 3 0 0 0-4.5-4L5 9.5a5 5 0 0 0 7 7l5-5',
} as const;

type IconName = keyof typeof SHAPES;

/** The emoji that the bot puts on buttons and below messages, without the mark that asks for a coloured picture. */
const EMOJI: Readonly<Record<string, IconName>> = {
  '⏸': 'pause',
  '▶': 'play',
  '⏭': 'skip',
  '⏹': 'stop',
  '📜': 'list',
  '⚠': 'warning',
  '❤': 'heart',
  '🔊': 'voice',
  '⚙': 'gear',
};
const COLOURED = '\uFE0F';

/** A picture; what it means is said in words beside it. */
export function icon(name: IconName): SVGElement {
  return drawn('svg', { viewBox: '0 0 20 20', class: 'icon', 'aria-hidden': 'true' }, [
    drawn('path', { d: SHAPES[name] }),
  ]);
}

/** An emoji as a picture of the page's own where there is one, else as it is. */
export function emojiView(emoji: string): SVGElement | string {
  const name = EMOJI[emoji.replace(COLOURED, '')];
  return name ? icon(name) : emoji;
}
