import type { Place } from '../protocol.ts';
import { element } from './dom.ts';
import { type Block, blocks, type Piece } from './markdown.ts';

type Names = Pick<Place, 'people' | 'channels' | 'roles'> | null;

/** The elements of a text as Discord's clients show it. */
export function markdown(text: string, names: Names): HTMLElement[] {
  return blocks(text).map(block => blockView(block, names));
}

function blockView(block: Block, names: Names): HTMLElement {
  const inner = block.of.map(piece => pieceView(piece, names));
  if (block.is === 'heading') return element('p', { class: `heading heading-${block.level}` }, inner);
  if (block.is === 'quote') return element('blockquote', {}, inner);
  if (block.is === 'pre') return element('pre', { tabindex: 0 }, inner);
  return element('p', { class: block.is === 'p' ? null : block.is }, inner);
}

function pieceView(piece: Piece, names: Names): Node | string {
  if (typeof piece === 'string') return piece;
  const mention = (sign: string, name: string | undefined) =>
    element('span', { class: 'mention' }, [`${sign}${name ?? 'unknown'}`]);
  switch (piece.is) {
    case 'person':
      return mention('@', names?.people.find(({ id }) => id === piece.id)?.name);
    case 'channel':
      return mention('#', names?.channels.find(({ id }) => id === piece.id)?.name);
    case 'role':
      return mention('@', names?.roles.find(({ id }) => id === piece.id)?.name);
    case 'command':
      return mention('/', piece.name);
    case 'emoji':
      return `:${piece.name}:`;
    case 'time':
      return timeView(piece.seconds, piece.style);
    case 'link':
      return element(
        'a',
        { href: piece.to, target: '_blank', rel: 'noreferrer noopener' },
        piece.of.map(one => pieceView(one, names)),
      );
    case 'spoiler':
      return element('details', { class: 'spoiler' }, [
        element('summary', {}, ['Spoiler']),
        ...piece.of.map(one => pieceView(one, names)),
      ]);
    case 'strong':
    case 'em':
    case 'u':
    case 's':
    case 'code':
      return element(
        piece.is,
        {},
        piece.of.map(one => pieceView(one, names)),
      );
  }
}

function timeView(seconds: number, style: string): HTMLElement {
  const date = new Date(seconds * 1000);
  const words = style === 'R' ? relative(seconds) : date.toLocaleString('en');
  return element('time', { datetime: date.toISOString() }, [words]);
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

function relative(seconds: number): string {
  const away = seconds - Date.now() / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(away) >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat('en').format(Math.round(away / size), unit);
}
