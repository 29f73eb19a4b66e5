import type { Translate } from '../../locale/catalogue.ts';
import type { Ledger } from '../../store/store.ts';
import type { Answer } from '../interaction/answer.ts';
import { usageChart } from './usage-chart.ts';

const NANO = 1e9;
/** The most people that the answer names. Those who used the most come first. */
const MAX_PEOPLE = 10;

/** What somebody wants to know about usage. */
export interface UsageQuestion {
  readonly guildId: string;
  readonly userId: string;
  /** True for everybody in the guild, false for this person alone. */
  readonly all: boolean;
  /** How many days to look back, today (UTC) included. */
  readonly days: number;
}

const money = (nanoUsd: number) => `$${(nanoUsd / NANO).toFixed(nanoUsd < NANO / 100 ? 4 : 2)}`;

/** Makes the answer to `/usage`: what was spoken and what it cost, in all and by person, with a chart by day. */
export async function usageOf(
  ledger: Pick<Ledger, 'guildDays' | 'personDays'>,
  { guildId, userId, all, days }: UsageQuestion,
  t: Translate,
): Promise<Answer> {
  const rows = all ? await ledger.guildDays(guildId, days) : await ledger.personDays(userId, days, guildId);
  if (rows.length === 0) return t('usage.none', { days });
  const byDay = new Map<string, number>();
  const byPerson = new Map<string, { bytes: number; nanoUsd: number }>();
  const total = { bytes: 0, nanoUsd: 0 };
  for (const row of rows) {
    byDay.set(row.day, (byDay.get(row.day) ?? 0) + row.bytes);
    const person = byPerson.get(row.userId) ?? { bytes: 0, nanoUsd: 0 };
    byPerson.set(row.userId, {
      bytes: person.bytes + row.bytes,
      nanoUsd: person.nanoUsd + row.nanoUsd,
    });
    total.bytes += row.bytes;
    total.nanoUsd += row.nanoUsd;
  }
  const lines = [
    t(all ? 'usage.server' : 'usage.own', { days, bytes: total.bytes, cost: money(total.nanoUsd) }),
  ];
  if (all) {
    const people = [...byPerson].sort(([, a], [, b]) => b.bytes - a.bytes);
    for (const [id, { bytes, nanoUsd }] of people.slice(0, MAX_PEOPLE))
      lines.push(t('usage.person', { person: personMention(id, t), bytes, cost: money(nanoUsd) }));
    if (people.length > MAX_PEOPLE) lines.push(t('queue.more', { count: people.length - MAX_PEOPLE }));
  }
  const bytes = await usageChart(lastDays(days).map(day => ({ day, bytes: byDay.get(day) ?? 0 })));
  return { text: lines.join('\n'), files: [{ name: 'usage.png', bytes }] };
}

/**
 * Returns a mention of a person. People who had their data deleted are counted together under the id 0, without a
 * name.
 */
function personMention(id: string, t: Translate): string {
  return id === '0' ? t('usage.nobody') : `<@${id}>`;
}

/** Returns the last `count` days in UTC up to today, the oldest first. */
function lastDays(count: number): string[] {
  const today = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(today);
    day.setUTCDate(day.getUTCDate() - (count - 1 - index));
    return day.toISOString().slice(0, 10);
  });
}
