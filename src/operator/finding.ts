// The form in which every check of `npm run doctor` and of the setup says what it has found, and the line that is
// printed of it. The checks themselves are in the other files of this folder.

/** What a check has found out about one thing that the bot needs. */
export interface Finding {
  /** `unknown`: the check cannot tell, and the operator need not do anything. */
  readonly verdict: 'good' | 'bad' | 'unknown';
  /** What was looked at, such as `Bot token`. */
  readonly thing: string;
  /** What was found, in words without a secret. */
  readonly detail: string;
  /** What the operator can do about it; '' where nothing has to be done. */
  readonly remedy: string;
}

export function good(thing: string, detail: string): Finding {
  return { verdict: 'good', thing, detail, remedy: '' };
}

export function unknown(thing: string, detail: string): Finding {
  return { verdict: 'unknown', thing, detail, remedy: '' };
}

export function bad(thing: string, detail: string, remedy: string): Finding {
  return { verdict: 'bad', thing, detail, remedy };
}

const MARKS = { good: '✓', bad: '✗', unknown: '–' } as const;

/** A finding as one line for a terminal. Control characters, which names could bring along, are left out. */
export function lineOf({ verdict, thing, detail, remedy }: Finding): string {
  const what = `${MARKS[verdict]} ${thing}: ${detail}`;
  const line = remedy === '' ? what : `${what}. What to do: ${remedy}`;
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
