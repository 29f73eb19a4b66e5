import { element } from './dom.ts';
import { type Block, blocks, type Piece } from './markdown.ts';
import type { Names } from './mentions.ts';
import { timeView } from './time-view.ts';

/** A text as Discord's clients show it; null for no text. */
export function markdown(text: string, names: Names | null): HTMLElement | null {
  if (text.trim() === '') return null;
  return element(
    'div',
    { class: 'text' },
    blocks(text).map(block => blockView(block, names)),
  );
}

function blockView(block: Block, names: Names | null): HTMLElement {
  const inner = block.of.map(piece => pieceView(piece, names));
  if (block.is === 'heading') return element('p', { class: `heading heading-${block.level}` }, inner);
  if (block.is === 'quote') return element('blockquote', {}, inner);
  if (block.is === 'pre') return element('pre', { tabindex: 0 }, inner);
  return element('p', { class: block.is === 'p' ? null : block.is }, inner);
}

function pieceView(piece: Piece, names: Names | null): Node | string {
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
      return element('button', { type: 'button', class: 'mention', 'data-command': piece.name }, [
        `/${piece.name}`,
      ]);
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
