import type { Language } from './language.ts';

// Discord's timestamps, such as `<t:1700000000:R>`, become words here: "in two hours".

/** How each of Discord's timestamp styles is said (API reference, "Message Formatting"). A date is always in words. */
const STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'long' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
  s: { dateStyle: 'long', timeStyle: 'short' },
  S: { dateStyle: 'long', timeStyle: 'medium' },
};

/** The units of relative times, each with the seconds from which on it is used. */
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_556_952],
  ['month', 2_629_746],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
/** The last moment that JavaScript knows, in seconds since the epoch (ECMA-262, "Time Values"). */
const MAX_SECONDS = 8.64e12;

/** When, where and in which language timestamps are said. */
export interface SpokenTime {
  readonly language: Language;
  /** The present time, in milliseconds since the epoch. */
  readonly now: number;
  /** The IANA time zone of the listeners. If it is undefined, times are said in UTC, with the word "UTC". */
  readonly timeZone?: string;
}

/** Makes words of Discord's timestamps. Formats are costly to make, so one object is used for a whole message. */
export class Moments {
  readonly #when: SpokenTime;
  readonly #formats = new Map<string, Intl.DateTimeFormat>();
  readonly #relatives = new Map<'auto' | 'always', Intl.RelativeTimeFormat>();

  constructor(when: SpokenTime) {
    this.#when = when;
  }

  /** The words for a time (`seconds` since the epoch) in one of Discord's styles; empty if there is no such time. */
  words(seconds: number, style: string): string {
    if (Math.abs(seconds) > MAX_SECONDS) return '';
    if (style === 'R') return this.#distance(seconds);
    const words = this.#format(style).format(seconds * 1_000);
    const hasTime = style !== 'd' && style !== 'D';
    return hasTime && this.#when.timeZone === undefined ? `${words} UTC` : words;
  }

  #format(style: string): Intl.DateTimeFormat {
    let format = this.#formats.get(style);
    if (!format) {
      const { language, timeZone } = this.#when;
      const options = STYLES[style] ?? STYLES['f'];
      format = new Intl.DateTimeFormat(language, { ...options, timeZone: timeZone ?? 'UTC' });
      this.#formats.set(style, format);
    }
    return format;
  }

  #distance(seconds: number): string {
    const distance = seconds - Math.floor(this.#when.now / 1_000);
    const [unit, size] = UNITS.find(([, size]) => Math.abs(distance) >= size) ?? ['second', 1];
    // "always" avoids "yesterday", since 30 hours ago may be the day before that. Only "now" has a word of its own.
    const numeric = distance === 0 ? 'auto' : 'always';
    let relative = this.#relatives.get(numeric);
    if (!relative) {
      relative = new Intl.RelativeTimeFormat(this.#when.language, { numeric });
      this.#relatives.set(numeric, relative);
    }
    return relative.format(Math.trunc(distance / size), unit);
  }
}
