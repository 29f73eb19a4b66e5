import { markupOf } from '../../text/markup-parts.ts';

// Cuts the language model's answers so that they fit into a message, and closes what is open at their end, since a
// spoiler without its end is readable for everybody.

/** What closes a mark that is open at the end of a shown text. */
const CLOSING = { block: '\n```', 'maybe-spoiler': '||', spoiler: '||' } as const;
const LONGEST_CLOSING = 4;

/**
 * Returns a text if it has at most `room` UTF-16 units; else its beginning with "…", cut between whole characters and
 * not inside a link or code. A spoiler or a block of code that is open at the end is closed. With `goesOn`, the text
 * itself is not whole yet or never will be, so that the end of a spoiler may be missing.
 */
export function shownPart(text: string, room: number, { goesOn }: { goesOn: boolean }): string {
  // An answer may be much longer than a message, and is shown anew each time it has grown: its end is not read.
  if (text.length > room) return beginning(text.slice(0, 2 * room), room);
  const whole = closed(text, { goesOn });
  return whole.length > room ? beginning(text, room) : whole;
}

function closed(text: string, { goesOn }: { goesOn: boolean }): string {
  let rest = text;
  for (let open = openIn(rest, { whole: !goesOn }); open; open = openIn(rest, { whole: !goesOn })) {
    if (open.kind !== 'other') return `${text}${CLOSING[open.kind]}`;
    rest = rest.slice(open.end); // A spoiler may be open behind a mark that stays by itself.
  }
  return text;
}

function beginning(text: string, room: number): string {
  for (const closingRoom of [0, LONGEST_CLOSING]) {
    const end = startOfCharacter(text, room - 1 - closingRoom);
    const open = openIn(text.slice(0, end), { whole: false });
    if (!open) return `${text.slice(0, end)}…`;
    // A link that is cut would lead elsewhere, and the other marks would be shown as they are.
    if (open.kind === 'other') return `${text.slice(0, startOfCharacter(text, open.at))}…`;
    if (closingRoom > 0) return `${text.slice(0, end)}…${CLOSING[open.kind]}`;
  }
  return '…';
}

function openIn(text: string, { whole }: { whole: boolean }) {
  return markupOf(text, { before: '\n', whole }).open;
}

/** The place `at`, or the beginning of what people see as one character, if the place is inside it. */
function startOfCharacter(text: string, at: number): number {
  return new Intl.Segmenter().segment(text).containing(at)?.index ?? text.length;
}
