import type { Breach, Evidence } from './evidence.ts';

/** How much of the record is shown around a breach, ms before and after. */
const AROUND_MS = [5_000, 4_000] as const;

interface Entry {
  readonly at: number;
  readonly text: string;
}

/** What was seen in a server, or everywhere, in order of time. */
function record(evidence: Evidence, index: number | undefined): Entry[] {
  const { deeds, rooms, discord, fish, stricken, peaceAt } = evidence;
  const entries: Entry[] = [{ at: peaceAt, text: '— peace —' }];
  const seen = (room: number | undefined) => index === undefined || room === undefined || room === index;
  for (const { act, room, given, at, until, impossible } of deeds.filter(deed => seen(deed.room))) {
    const where = room === undefined ? '' : ` [${room}]`;
    entries.push({
      at,
      text: `ACT${where} ${act.name} ${JSON.stringify(given)}${impossible ? ` (${impossible})` : ''}`,
    });
    if (until > at + 1) entries.push({ at: until, text: `END${where} ${act.name}` });
  }
  for (const { room, lines, runs, strays, silentTimes } of rooms.filter(one => seen(one.room.index))) {
    for (const { at, id, who, how, text, answer, answeredAt, unanswered, deletedAt, why } of lines) {
      entries.push({
        at,
        text: `${how} [${room.index}] #${id} ${room.people[who]?.name}: ${text}${why ? ` — why: ${why}` : ''}`,
      });
      if (answeredAt) entries.push({ at: answeredAt, text: `  answer to #${id}: ${answer}` });
      if (unanswered) entries.push({ at: at + 1, text: `  no answer to #${id}: ${unanswered}` });
      if (deletedAt) entries.push({ at: deletedAt, text: `  #${id} is deleted` });
    }
    for (const { session, packets, at, until } of runs) {
      const [first, last] = [packets[0] ?? 0, packets.at(-1) ?? 0];
      const gaps = Array.from({ length: last - first }, (_, number) => first + number).filter(
        number => !packets.includes(number),
      );
      const without = gaps.length > 0 ? `, without ${gaps.join(' ')}` : '';
      const text = `HEARD [${room.index}] “${session.text.trim()}” ${first}–${last} of ${session.packets.length}${without} until ${seconds(until, evidence)}`;
      entries.push({ at, text });
    }
    for (const { why, from, until } of silentTimes)
      entries.push({ at: from, text: `UNHEARD [${room.index}] ${why} until ${seconds(until, evidence)}` });
    for (const { at, bytes } of strays)
      entries.push({ at, text: `HEARD [${room.index}] what Fish never sent: ${bytes}` });
    const paths = new Set([...room.guild.channels.keys()].map(id => `/channels/${id}/messages`));
    for (const { at, method, path, body, status } of discord.requests)
      if (method === 'POST' && paths.has(path))
        entries.push({ at, text: `NOTICE [${room.index}] ${status} ${JSON.stringify(body).slice(0, 200)}` });
  }
  for (const session of fish.sessions) {
    if (index !== undefined && !rooms[index]?.sessions.includes(session)) continue;
    const { startedAt, text, socketId, ended, packets, finishedAt } = session;
    const fault = stricken.get(session);
    const fails = fault ? ` (${JSON.stringify(fault)})` : '';
    entries.push({ at: startedAt, text: `FISH start on socket ${socketId}: “${text.trim()}”${fails}` });
    const at = finishedAt ?? session.closedAt ?? startedAt;
    entries.push({
      at,
      text: `FISH ${ended} on socket ${socketId} after ${packets.length} packets: “${text.trim()}”`,
    });
  }
  for (const { at, readyz, status } of evidence.fullDisks)
    entries.push({ at, text: `HEALTH ${readyz?.trim()} ${JSON.stringify(status)}` });
  for (const { at, status } of fish.handshakes) entries.push({ at, text: `FISH dial: ${status}` });
  for (const { at } of discord.identifies) entries.push({ at, text: 'GATEWAY identify' });
  return entries.toSorted((a, b) => a.at - b.at);
}

/** The breaches, each with what was seen around it, to be read by people; `verbose`: with all that was seen. */
export function reportOf(
  evidence: Evidence,
  breaches: readonly Breach[],
  { verbose = false }: { verbose?: boolean } = {},
): string {
  const { seed } = evidence.plan;
  const show = ({ at, text }: Entry) => `  ${seconds(at, evidence)}  ${text}`;
  const out = breaches.map(
    ({ promise, room, what }) => `✗ ${promise}${room === undefined ? '' : ` [server ${room}]`}: ${what}`,
  );
  const around = ({ promise, room, at }: Breach) => {
    const [before, after] = AROUND_MS;
    const entries = record(evidence, room).filter(entry => entry.at >= at - before && entry.at <= at + after);
    return [`\n  around “${promise}” at ${seconds(at, evidence)}:`, ...entries.map(show)];
  };
  const shown = verbose ? record(evidence, undefined).map(show) : breaches.slice(0, 3).flatMap(around);
  const log = evidence.output
    .split('\n')
    .filter(line => verbose || /"level":"(?:warn|error|fatal)"/.test(line));
  return [
    `seed ${seed}: ${JSON.stringify(evidence.plan.fish)}`,
    ...out,
    ...shown,
    '\n  the log:',
    ...log.slice(verbose ? 0 : -20).map(line => `  ${line.slice(0, 400)}`),
    `\n  again: npm run simulate -- --seed ${seed}`,
  ].join('\n');
}

/** Seconds since the first thing that happened. */
function seconds(at: number, { deeds, rooms }: Evidence): string {
  const first = Math.min(
    ...deeds.map(deed => deed.at),
    ...rooms.flatMap(({ lines }) => lines.map(line => line.at)),
  );
  return `${((at - first) / 1_000).toFixed(2).padStart(7)} s`;
}
