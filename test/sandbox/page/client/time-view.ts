import { element } from './dom.ts';

/** What Discord's styles of a time show. (Discord, "Reference", Timestamp Styles.) */
const STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};
const AGAIN_MS = 10_000;

/** A moment, by its seconds since 1970, in one of Discord's styles; `R` is how far away it is. */
export function timeView(seconds: number, style: string): HTMLElement {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return element('span', {}, ['Invalid Date']);
  const attributes = { datetime: date.toISOString(), title: date.toLocaleString('en') };
  if (style === 'R') return element('time', { ...attributes, 'data-seconds': seconds }, [relative(seconds)]);
  return element('time', attributes, [date.toLocaleString('en', STYLES[style] ?? STYLES['f'])]);
}

/** Keeps what is said of how far away moments are true while time goes on. */
export function keepTimes(): void {
  setInterval(() => {
    for (const one of document.querySelectorAll<HTMLElement>('time[data-seconds]'))
      one.textContent = relative(Number(one.dataset['seconds']));
  }, AGAIN_MS);
}

const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

function relative(seconds: number): string {
  const away = seconds - Date.now() / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(away) >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(away / size), unit);
}
