import { drawn } from './dom.ts';

/** Pictures of the page's own, in the colour of the words beside them: not everybody has a font with emoji. */
const SHAPES = {
  text: 'M4 8h12M4 13h12M8 3 6 18M14 3l-2 15',
  voice: 'M3 8v5h3l5 4V4L6 8zM14 7c2 2 2 5 0 7M16 5c3 3 3 8 0 11',
  lock: 'M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3',
  open: 'M5 9h10v8H5zM7 9V6a3 3 0 0 1 5-2',
  parrot: 'M3 15C3 8 7 4 13 4c3 0 4 2 4 4l-3 1c-1 4-5 7-11 6zM13 7h.1',
} as const;

/** A picture; what it means is said in words beside it. */
export function icon(name: keyof typeof SHAPES): SVGElement {
  return drawn('svg', { viewBox: '0 0 20 20', class: 'icon', 'aria-hidden': 'true' }, [
    drawn('path', { d: SHAPES[name] }),
  ]);
}
