import type { Translate } from '../../locale/catalogue.ts';
import { amountIn, dayIn, daysIn, durationsIn, moneyIn, numberIn, unitNameIn } from '../../locale/numbers.ts';
import type { CachedSpeech, Ledger, LedgerRow } from '../../store/ledger/ledger.ts';
import { secondsOfBytes, worthInWords } from '../bytes-worth.ts';
import type { Answer } from '../interaction/answer.ts';
import { canDraw, MAX_COLOURS, type UsagePicture, usageChart } from './usage-chart.ts';

// Answers `/usage`: adds up what was spoken and what it cost, in all, by person and by day, from what the store's
// ledger has noted. `usage-chart.ts` draws the picture that belongs to the answer.

const NANO = 1e9;
const DAY_MS = 86_400_000;
/** The most people that the answer names. Those who used the most come first. */
const MAX_PEOPLE = 10;
/** The user id under which people are counted who had their data deleted. */
const NOBODY = '0';

/** What somebody wants to know about usage. */
export interface UsageQuestion {
  readonly guildId: string;
  readonly userId: string;
  /** True for everybody in the guild, false for this person alone. */
  readonly all: boolean;
  /** How many days to look back, today (UTC) included. */
  readonly days: number;
  /** The most bytes of the guild on one day. */
  readonly dayCap: number;
  /** Returns the name of a person of the guild; undefined when it is not known. */
  readonly nameOf: (userId: string) => string | undefined;
  /** The present time, in milliseconds since 1970. */
  readonly now?: number;
}

/** How much somebody, or all, have had said, and what it cost. */
interface Sum {
  readonly bytes: number;
  readonly nanoUsd: number;
}

/** Makes the answer to `/usage`: what was spoken and what it cost, in all and by person, with a picture by day. */
export async function usageOf(
  ledger: Pick<Ledger, 'guildDays' | 'personDays'>,
  question: UsageQuestion,
  t: Translate,
): Promise<Answer> {
  const { guildId, userId, all, days } = question;
  const rows = all ? await ledger.guildDays(guildId, days) : await ledger.personDays(userId, days, guildId);
  if (rows.length === 0) return t('usage.none', { days });
  const people = all ? byPerson(rows) : [];
  const picture = pictureOf(rows, people, question, t);
  return {
    text: linesOf(rows, people, question, t).join('\n'),
    files: [{ name: 'usage.png', bytes: await usageChart(picture) }],
  };
}

/** Returns the text of the answer. People have the numbers that stand in the picture where a name cannot be drawn. */
function linesOf(
  rows: readonly LedgerRow[],
  people: readonly (readonly [userId: string, sum: Sum])[],
  { all, days, dayCap, now = Date.now() }: UsageQuestion,
  t: Translate,
): string[] {
  const lines = [t(all ? 'usage.server' : 'usage.own', { days, amount: amountOf(sumOf(rows), t) })];
  const cached = cachedOf(rows);
  if (cached.lines > 0)
    lines.push(t('usage.cached', { lines: cached.lines, bytes: amountIn(t.locale, cached.bytes, 'byte') }));
  if (!all) return lines;
  const today = sumOf(rows.filter(({ day }) => day === dayOf(now))).bytes;
  const { locale } = t;
  lines.push(t('usage.today', { bytes: numberIn(locale, today), cap: amountIn(locale, dayCap, 'byte') }));
  for (const [index, [id, sum]] of people.slice(0, MAX_PEOPLE).entries()) {
    const person = id === NOBODY ? t('usage.nobody') : `<@${id}>`;
    lines.push(`${index + 1}. ${person} · ${amountOf(sum, t)}`);
  }
  if (people.length > MAX_PEOPLE) lines.push(t('queue.more', { count: people.length - MAX_PEOPLE }));
  return lines;
}

/** Returns what the picture shows. */
export function pictureOf(
  rows: readonly LedgerRow[],
  people: readonly (readonly [userId: string, sum: Sum])[],
  { all, days, dayCap, nameOf, now = Date.now() }: UsageQuestion,
  t: Translate,
): UsagePicture {
  const { locale } = t;
  const first = now - (days - 1) * DAY_MS;
  const named = people
    .slice(0, MAX_COLOURS)
    .map(([id], index) => ({ id, name: shownName(id, index, nameOf, t) }));
  const others = people.length > MAX_COLOURS ? [t('usage.chart.others')] : [];
  const byDay = groupedBy(rows, 'day');
  return {
    title: t(all ? 'usage.chart.server' : 'usage.chart.own'),
    subtitle: `${daysIn(locale, first, now)} (UTC) · ${amountOf(sumOf(rows), t)}`,
    unit: unitNameIn(locale, 'byte'),
    people: [...named.map(({ name }) => name), ...others],
    cap: all
      ? { bytes: dayCap, label: t('usage.chart.cap', { cap: amountIn(locale, dayCap, 'byte') }) }
      : null,
    inNumbers: bytes => numberIn(locale, bytes, 0),
    inTime: bytes => durationsIn(locale, bytes.map(secondsOfBytes)).map(time => `≈ ${time}`),
    days: Array.from({ length: days }, (_, index) => {
      const at = first + index * DAY_MS;
      const ofDay = byDay.get(dayOf(at)) ?? [];
      const ofNamed = named.map(({ id }) => sumOf(ofDay.filter(({ userId }) => userId === id)).bytes);
      const { bytes, nanoUsd } = sumOf(ofDay);
      const rest = bytes - ofNamed.reduce((sum, own) => sum + own, 0);
      return {
        label: index === days - 1 ? t('usage.chart.today') : dayIn(locale, at),
        cost: nanoUsd > 0 ? moneyIn(locale, nanoUsd / NANO) : '',
        parts: named.length === 0 ? [bytes] : [...ofNamed, ...(others.length > 0 ? [rest] : [])],
      };
    }),
  };
}

/** Returns a person's name as it stands in the picture, or the number that they have in the text below it. */
function shownName(id: string, index: number, nameOf: UsageQuestion['nameOf'], t: Translate): string {
  const name = id === NOBODY ? t('usage.nobody') : nameOf(id);
  return name !== undefined && name.trim() !== '' && canDraw(name)
    ? `${index + 1}. ${name}`
    : `${index + 1}.`;
}

/** Returns the people of the rows with what they have used, those who have used the most first. */
export function byPerson(rows: readonly LedgerRow[]): readonly (readonly [userId: string, sum: Sum])[] {
  return [...groupedBy(rows, 'userId')]
    .map(([id, own]) => [id, sumOf(own)] as const)
    .sort(([, a], [, b]) => b.bytes - a.bytes);
}

/** Returns the rows of each day or person. A large guild has many rows, so they are gone through only once. */
function groupedBy(
  rows: readonly LedgerRow[],
  column: 'day' | 'userId',
): ReadonlyMap<string, readonly LedgerRow[]> {
  const groups = new Map<string, LedgerRow[]>();
  for (const row of rows) {
    const group = groups.get(row[column]);
    if (group) group.push(row);
    else groups.set(row[column], [row]);
  }
  return groups;
}

function sumOf(rows: readonly Sum[]): Sum {
  return rows.reduce(
    (sum, { bytes, nanoUsd }) => ({ bytes: sum.bytes + bytes, nanoUsd: sum.nanoUsd + nanoUsd }),
    { bytes: 0, nanoUsd: 0 },
  );
}

/** How many lines were said from memory, and the bytes that were not sent for that reason. */
function cachedOf(rows: readonly LedgerRow[]): CachedSpeech {
  return rows.reduce(
    (sum, { cached = { lines: 0, bytes: 0 } }) => ({
      lines: sum.lines + cached.lines,
      bytes: sum.bytes + cached.bytes,
    }),
    { lines: 0, bytes: 0 },
  );
}

function amountOf({ bytes, nanoUsd }: Sum, t: Translate): string {
  return worthInWords(bytes, nanoUsd / NANO, t);
}

/** Returns the day (UTC) of a time in milliseconds since 1970, such as `2026-11-24`. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
