import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../bench/figures.ts';
import type { FakeFish } from '../sandbox/fish/fish.ts';
import type { FleetGuild, ShardFleet } from './shard-fleet.ts';

// What people write in the guilds of a fleet for many minutes, and what became of it. For the soak test of many
// processes.

/** How often somebody writes a line in each guild, ms. */
const EACH_MS = 4_000;
/** What was written so shortly before a kill may have been in the air, or in the queue of the process. */
const IN_THE_AIR_MS = 12_000;

/** A line that somebody wrote, and when. */
export interface Written {
  readonly text: string;
  readonly at: number;
}

interface Said {
  readonly text: string;
  /** When its first packet was heard. */
  readonly at: number;
}

/** Has somebody in a guild write a line each few seconds, from now until the signal. */
export async function writes(fleet: ShardFleet, place: FleetGuild, signal: AbortSignal): Promise<Written[]> {
  const lines: Written[] = [];
  const name = fleet.guilds.indexOf(place);
  await sleep((EACH_MS * name) / fleet.guilds.length);
  for (let number = 1; !signal.aborted; number += 1, await sleep(EACH_MS)) {
    const text = `Line ${number} of ${name}.`;
    fleet.discord.message(place.ana, place.guild.voiceChannel, text);
    lines.push({ text, at: performance.now() });
  }
  return lines;
}

/** The lines that were heard whole in a guild, with when; and how many were broken off. */
function saidIn(fish: FakeFish, { listener }: FleetGuild): { whole: Said[]; broken: number } {
  const heard = listener.heard.filter(({ silence }) => !silence);
  const packets = heard.map(({ opus }) => opus.toString('latin1'));
  const byFirst = Map.groupBy(
    fish.sessions.filter(session => session.packets.length > 0),
    session => session.packets[0]?.toString('latin1'),
  );
  const whole: Said[] = [];
  let broken = 0;
  for (let at = 0; at < packets.length; ) {
    const session = byFirst
      .get(packets[at])
      ?.find(({ packets: sent }) =>
        sent.every((packet, index) => packets[at + index] === packet.toString('latin1')),
      );
    if (session) {
      // What was written close together, or caught up with, is said in one breath.
      for (const [text] of session.text.matchAll(/Line \d+ of \d+\./g))
        whole.push({ text, at: heard[at]?.at ?? 0 });
      at += session.packets.length;
      continue;
    }
    broken += 1; // the rest of the packets up to the next beginning of a line are of one that was broken off
    do at += 1;
    while (at < packets.length && !byFirst.has(packets[at]));
  }
  return { whole, broken };
}

/** What became of a line that was not heard whole. */
function fateOf(text: string, { sessions }: FakeFish, { listener }: FleetGuild): string {
  const heard = new Set(listener.heard.map(({ opus }) => opus.toString('latin1')));
  const tries = sessions
    .filter(session => session.text.includes(text))
    .map(({ ended, packets }) => {
      const count = packets.filter(packet => heard.has(packet.toString('latin1'))).length;
      return `${ended ?? 'not ended'}, ${count} of ${packets.length} packets heard`;
    });
  return tries.length === 0
    ? 'Fish Audio was not asked'
    : `${tries.join('; ')}; in all ${listener.early} frames came early, ${listener.undecryptable} could not be decrypted`;
}

/** What became of the lines of all guilds. Times are in milliseconds. */
export interface Account {
  /** Those that were not heard whole, each with what became of it, but for those in the air at the kill. */
  readonly lost: readonly string[];
  readonly inTheAir: number;
  readonly twice: readonly string[];
  readonly brokenOff: number;
  /** From writing to hearing, of each line that was heard; and the median of each guild. */
  readonly waits: readonly number[];
  readonly byGuild: readonly number[];
  /** For each guild that fell silent at the kill: how long after it something was heard again. */
  readonly takenOver: readonly number[];
}

/**
 * Compares what was written in the guilds of a fleet with what was heard there. `began` and `killedAt`, when a process
 * was killed, are those of `performance.now()`.
 */
export function accountOf(
  { fish, guilds }: ShardFleet,
  written: readonly (readonly Written[])[],
  { began, killedAt }: { began: number; killedAt: number },
): Account {
  const account = { waits: [] as number[], byGuild: [] as number[], takenOver: [] as number[] };
  const [lost, twice]: [string[], string[]] = [[], []];
  let [inTheAir, brokenOff] = [0, 0];
  for (const [index, one] of guilds.entries()) {
    const { whole, broken } = saidIn(fish, one);
    const at = new Map<string, number>();
    for (const said of whole) {
      if (at.has(said.text)) twice.push(said.text);
      at.set(said.text, said.at);
    }
    brokenOff += broken;
    const own: number[] = [];
    for (const line of written[index] ?? []) {
      const said = at.get(line.text);
      const seconds = ((line.at - began) / 1_000).toFixed(0);
      if (said !== undefined) own.push(said - line.at);
      else if (line.at > killedAt - IN_THE_AIR_MS && line.at < killedAt) inTheAir += 1;
      else lost.push(`${line.text} at ${seconds} s: ${fateOf(line.text, fish, one)}`);
    }
    account.waits.push(...own);
    account.byGuild.push(percentile(own, 50));
    const heard = one.listener.heard.filter(({ silence }) => !silence).map(packet => packet.at);
    const before = heard.findLast(time => time < killedAt) ?? killedAt;
    const next = heard.find(time => time > killedAt) ?? Number.POSITIVE_INFINITY;
    if (next - before > EACH_MS + 2_000) account.takenOver.push(next - killedAt);
  }
  return { ...account, lost, twice, inTheAir, brokenOff };
}
