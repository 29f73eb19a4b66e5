import type { Line } from '../protocol.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
  /** Its colour in the picture. */
  readonly kind: 'way' | 'wait' | 'fish' | 'wave';
}

const SECOND_MS = 1_000;

/** A time as people read it: "85 ms" or "2.3 s"; "…" for one that is still to come, "–" for one that never will. */
export function timeText(ms: number | null, over = false): string {
  if (ms === null) return over ? '–' : '…';
  return ms < SECOND_MS ? `${Math.round(ms)} ms` : `${(ms / SECOND_MS).toFixed(1)} s`;
}

/** The times of a line; `beganAfterMs` is how long after its first packet it is heard in this page. */
export function factsOf(line: Line, beganAfterMs: number | null = null): Fact[] {
  const { textAt, firstAudioAt, finishedAt, firstHeardAt, lastHeardAt, over } = line;
  const here = firstHeardAt === null || beganAfterMs === null ? null : firstHeardAt + beganAfterMs;
  const fact = (name: string, kind: Fact['kind'], at: number | null) => ({
    name,
    kind,
    value: timeText(at, over),
  });
  return [
    fact('text sent', 'way', textAt),
    fact('first sound', 'wait', firstAudioAt),
    fact('all sound', 'fish', finishedAt),
    fact('first packet', 'wave', firstHeardAt),
    fact(over ? 'last packet' : 'heard until', 'wave', lastHeardAt),
    fact('heard here', 'wave', here),
  ];
}

const ENDINGS: Readonly<Record<string, string>> = {
  error: 'Fish Audio refused',
  'client-closed': 'the bot hung up',
  'server-closed': 'Fish Audio hung up',
};

/** How many of its packets were heard in voice, and whether all came unchanged. */
export function packetsText({ heard, sent, exact }: Line): string {
  if (heard === 0) return `${sent} packets`;
  return `${heard} of ${sent} packets heard, ${exact ? 'byte for byte' : 'some are missing'}`;
}

/** Its encryption, as far as anything was heard, and how it ended if not well. */
export function summaryOf({ encrypted, heard, ended, over }: Line): {
  lock: 'lock' | 'open' | null;
  words: string;
  ended: string;
} {
  const ending = ended === null ? undefined : ENDINGS[ended];
  const rest = { ended: ending ? ` · ${ending}` : '' };
  if (heard === 0) return { lock: null, words: over ? 'not heard in voice' : 'nothing heard yet', ...rest };
  return encrypted
    ? { lock: 'lock', words: 'end-to-end encrypted', ...rest }
    : { lock: 'open', words: 'not encrypted', ...rest };
}
