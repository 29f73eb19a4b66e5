import type { Line } from '../protocol.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
  /** Its colour in the picture. */
  readonly kind: 'way' | 'wait' | 'fish' | 'wave';
}

const SECOND_MS = 1_000;

/** A time as people read it: "85 ms", "2.3 s", or "…" while it has not come. */
export function timeText(ms: number | null): string {
  if (ms === null) return '…';
  return ms < SECOND_MS ? `${ms} ms` : `${(ms / SECOND_MS).toFixed(1)} s`;
}

/** The times of a line, in the order in which they come. */
export function factsOf({ textAt, firstAudioAt, firstHeardAt, lastHeardAt, over }: Line): Fact[] {
  return [
    { name: 'text sent', value: timeText(textAt), kind: 'way' },
    { name: 'first sound', value: timeText(firstAudioAt), kind: 'wait' },
    { name: 'first packet', value: timeText(firstHeardAt), kind: 'fish' },
    { name: over ? 'last packet' : 'heard until', value: timeText(lastHeardAt), kind: 'wave' },
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

/** Its encryption, and how it ended if not well. */
export function summaryOf({ encrypted, heard, ended, over }: Line): {
  locked: boolean;
  lock: string;
  ended: string;
} {
  const unheard = over ? 'not heard in voice' : 'nothing heard yet';
  const lock = heard === 0 ? unheard : encrypted ? 'end-to-end encrypted' : 'not encrypted';
  const words = ended === null ? undefined : ENDINGS[ended];
  return { locked: heard > 0 && encrypted, lock, ended: words ? ` · ${words}` : '' };
}
