import type { UserError } from '../../src/errors.ts';
import type { Line } from '../../src/speech/line.ts';
import type { Reason } from '../../src/speech/reasons.ts';

/** A line that keeps with which reasons and errors it was called back. */
export interface TestLine extends Line {
  readonly outcomes: (Reason | null)[];
  readonly failures: UserError[];
}

/** Makes a line that Ana wrote in chat; `parts` replaces its fields. */
export function lineOf(text: string, parts: Partial<Line> = {}): TestLine {
  const outcomes: (Reason | null)[] = [];
  const failures: UserError[] = [];
  const userId = parts.userId ?? 'ana';
  return {
    userId,
    speakerId: userId,
    name: userId,
    spokenName: userId,
    text,
    digest: text,
    language: 'en',
    manner: { voice: undefined, speed: 1, volume: 0, latency: 'balanced', temperature: null },
    announce: 'never',
    telling: false,
    source: 'chat',
    messageId: undefined,
    priority: false,
    caps: { messageBytes: 1_000, personBytesPerMinute: 1e9, serverBytesPerDay: 1e9 },
    onFailed: error => void failures.push(error),
    onOutcome: reason => void outcomes.push(reason),
    outcomes,
    failures,
    ...parts,
  };
}
