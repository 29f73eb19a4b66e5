/** What Discord's clients make of a text, as a tree: only what the bot and people here use. */
export type Piece =
  | string
  | { readonly is: 'strong' | 'em' | 'u' | 's' | 'code' | 'spoiler'; readonly of: readonly Piece[] }
  | { readonly is: 'person' | 'channel' | 'role'; readonly id: string }
  | { readonly is: 'command' | 'emoji'; readonly name: string }
  | { readonly is: 'time'; readonly seconds: number; readonly style: string }
  | { readonly is: 'link'; readonly to: string; readonly of: readonly Piece[] };

export type Block =
  | { readonly is: 'p' | 'small' | 'quote' | 'item' | 'pre'; readonly of: readonly Piece[] }
  | { readonly is: 'heading'; readonly level: number; readonly of: readonly Piece[] };

const INLINE =
  /`([^`\n]+)`|\*\*([\s\S]+?)\*\*|__([\s\S]+?)__|~~([\s\S]+?)~~|\|\|([\s\S]+?)\|\||\*([^*\n]+)\*|\b_([^_\n]+)_\b|<@!?(\d+)>|<#(\d+)>|<@&(\d+)>|<\/([^:>]+):\d+>|<a?:(\w+):\d+>|<t:(-?\d+)(?::([tTdDfFR]))?>|\[([^\]\n]+)\]\((https?:\/\/[^)\s]+)\)|<?(https?:\/\/[^\s<>]+)>?|\\([*_~`|\\<])/u;

/** The parts of a line of text. */
export function inline(text: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  for (;;) {
    const found = INLINE.exec(rest);
    if (!found) break;
    if (found.index > 0) pieces.push(rest.slice(0, found.index));
    pieces.push(piece(found));
    rest = rest.slice(found.index + found[0].length);
  }
  return rest === '' ? pieces : [...pieces, rest];
}

function piece(found: RegExpExecArray): Piece {
  const [whole, code, strong, u, s, spoiler, em, em2, person, channel, role, command, emoji] = found;
  const [time, style, label, to, bare, escaped] = found.slice(13);
  if (code !== undefined) return { is: 'code', of: [code] };
  if (strong !== undefined) return { is: 'strong', of: inline(strong) };
  if (u !== undefined) return { is: 'u', of: inline(u) };
  if (s !== undefined) return { is: 's', of: inline(s) };
  if (spoiler !== undefined) return { is: 'spoiler', of: inline(spoiler) };
  if (em !== undefined || em2 !== undefined) return { is: 'em', of: inline(em ?? em2 ?? '') };
  if (person !== undefined) return { is: 'person', id: person };
  if (channel !== undefined) return { is: 'channel', id: channel };
  if (role !== undefined) return { is: 'role', id: role };
  if (command !== undefined) return { is: 'command', name: command };
  if (emoji !== undefined) return { is: 'emoji', name: emoji };
  if (time !== undefined) return { is: 'time', seconds: Number(time), style: style ?? 'f' };
  if (label !== undefined && to !== undefined) return { is: 'link', to, of: inline(label) };
  if (bare !== undefined) return { is: 'link', to: bare, of: [bare] };
  return escaped ?? whole;
}

/** The paragraphs, headings, quotes and items of a message. */
export function blocks(text: string): Block[] {
  return text.split(/```(?:\w*\n)?([\s\S]*?)```/u).flatMap((part, index) => {
    if (index % 2 === 1) return [{ is: 'pre' as const, of: [part.replace(/\n$/u, '')] }];
    return part.split('\n').flatMap(line => (line.trim() === '' ? [] : [block(line)]));
  });
}

function block(line: string): Block {
  const [, marks = '', title = ''] = /^(#{1,3}) (.+)$/u.exec(line) ?? [];
  if (marks) return { is: 'heading', level: marks.length, of: inline(title) };
  if (line.startsWith('-# ')) return { is: 'small', of: inline(line.slice(3)) };
  if (line.startsWith('> ')) return { is: 'quote', of: inline(line.slice(2)) };
  if (/^\s*[-*] /u.test(line)) return { is: 'item', of: inline(line.replace(/^\s*[-*] /u, '')) };
  return { is: 'p', of: inline(line) };
}
