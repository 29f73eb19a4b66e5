/** What Discord's clients make of a text, as a tree: only what the bot and people here use. */
export type Piece =
  | string
  | { readonly is: 'strong' | 'em' | 'u' | 's' | 'code' | 'spoiler'; readonly of: readonly Piece[] }
  | { readonly is: 'person' | 'channel' | 'role'; readonly id: string }
  | { readonly is: 'command' | 'emoji'; readonly name: string }
  | { readonly is: 'time'; readonly seconds: number; readonly style: string }
  | { readonly is: 'link'; readonly to: string; readonly of: readonly Piece[] };

export type Block =
  | { readonly is: 'p' | 'subtext' | 'quote' | 'item' | 'pre' | 'gap'; readonly of: readonly Piece[] }
  | { readonly is: 'heading'; readonly level: number; readonly of: readonly Piece[] };

/** What stands for something else than itself, by the name of its group. */
const MARKS = [
  /`(?<code>[^`\n]+)`/u,
  /\*\*(?<strong>[\s\S]+?)\*\*(?!\*)/u,
  /__(?<u>[\s\S]+?)__/u,
  /~~(?<s>[\s\S]+?)~~/u,
  /\|\|(?<spoiler>[\s\S]+?)\|\|/u,
  /\*(?<em>[^*\n]+)\*/u,
  /\b_(?<em2>[^_\n]+)_\b/u,
  /<@!?(?<person>\d+)>/u,
  /<#(?<channel>\d+)>/u,
  /<@&(?<role>\d+)>/u,
  /<\/(?<command>[^:>]+):\d+>/u,
  /<a?:(?<emoji>\w+):\d+>/u,
  /<t:(?<time>-?\d+)(?::(?<style>[tTdDfFR]))?>/u,
  /\[(?<label>[^\]\n]+)\]\(<?(?<to>https?:\/\/[^)\s>]+)>?\)/u,
  /<(?<bracketed>https?:\/\/[^\s<>]+)>/u,
  /(?<bare>https?:\/\/[^\s<>]*[^\s<>.,:;!?"')\]])/u,
  /\\(?<escaped>[!-/:-@[-`{-~])/u,
];
const INLINE = new RegExp(MARKS.map(({ source }) => source).join('|'), 'u');

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

function piece({ 0: whole, groups = {} }: RegExpExecArray): Piece {
  const { code, person, channel, role, command, emoji, time, style, label, to, escaped } = groups;
  if (code !== undefined) return { is: 'code', of: [code] };
  for (const is of ['strong', 'u', 's', 'spoiler', 'em'] as const) {
    const text = groups[is] ?? (is === 'em' ? groups['em2'] : undefined);
    if (text !== undefined) return { is, of: inline(text) };
  }
  if (person !== undefined) return { is: 'person', id: person };
  if (channel !== undefined) return { is: 'channel', id: channel };
  if (role !== undefined) return { is: 'role', id: role };
  if (command !== undefined) return { is: 'command', name: command };
  if (emoji !== undefined) return { is: 'emoji', name: emoji };
  if (time !== undefined) return { is: 'time', seconds: Number(time), style: style ?? 'f' };
  if (label !== undefined && to !== undefined) return { is: 'link', to, of: inline(label) };
  const address = groups['bracketed'] ?? groups['bare'];
  if (address !== undefined) return { is: 'link', to: address, of: [address] };
  return escaped ?? whole;
}

/** The paragraphs, headings, quotes and items of a message. */
export function blocks(text: string): Block[] {
  return text.split(/```(?:\w*\n)?([\s\S]*?)```/u).flatMap((part, index) => {
    if (index % 2 === 1) return [{ is: 'pre' as const, of: [part.replace(/\n$/u, '')] }];
    return part
      .replace(/^\n|\n$/gu, '')
      .split('\n')
      .flatMap(line => (part === '' ? [] : [block(line)]));
  });
}

function block(line: string): Block {
  if (line.trim() === '') return { is: 'gap', of: [] };
  const [, marks = '', title = ''] = /^(#{1,3}) (.+)$/u.exec(line) ?? [];
  if (marks) return { is: 'heading', level: marks.length, of: inline(title) };
  if (line.startsWith('-# ')) return { is: 'subtext', of: inline(line.slice(3)) };
  if (line.startsWith('> ')) return { is: 'quote', of: inline(line.slice(2)) };
  if (/^\s*[-*] /u.test(line)) return { is: 'item', of: inline(line.replace(/^\s*[-*] /u, '')) };
  return { is: 'p', of: inline(line) };
}
