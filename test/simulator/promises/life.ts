import type { Breach, Evidence } from '../evidence.ts';
import { isWhole } from '../heard.ts';

const ENDS_WITHIN_MS = 11_000;
/** A sentence that takes longer is cut. */
const MAY_FINISH_MS = 7_500;

/** The process lives, recovers, keeps secrets and what was said to itself, and ends when it is asked to. */
export function alive(evidence: Evidence): Breach[] {
  const { ends, rooms, peaceAt } = evidence;
  const breaches = [...recovered(evidence), ...discreet(evidence)];
  const breach = (promise: string, what: string) =>
    breaches.push({ promise, room: undefined, what, at: peaceAt });
  for (const { signal, code, ms, output } of ends) {
    if (signal === undefined) breach('the process lives', `it ended by itself, with code ${code}`);
    if (signal !== 'SIGTERM') continue;
    // Before it runs any code of its own, no process can answer to it.
    if (code === null && output === '') continue;
    if (code !== 0) breach('SIGTERM ends it with 0', `it ended with code ${code}`);
    if (ms > ENDS_WITHIN_MS) breach('SIGTERM ends it with 0', `it took ${Math.round(ms)} ms`);
  }
  const { lastWords, fish } = evidence;
  const room = rooms.find(one => one.room.index === lastWords?.room);
  const timeUp = (ends.at(-1)?.ms ?? 0) > MAY_FINISH_MS;
  if (lastWords && room && !timeUp && !isWhole(room.room, fish, lastWords))
    breach('SIGTERM lets it finish its sentence', `“${lastWords.text}” was not heard to its end`);
  return breaches;
}

function recovered({ rooms, peaceAt }: Evidence): Breach[] {
  return rooms
    .filter(one => !one.recovered)
    .map(({ room }) => {
      const what = 'when all was over, nothing was heard any more';
      return { promise: 'it recovers', room: room.index, what, at: peaceAt };
    });
}

function discreet({ output, rooms, discord, fish, peaceAt }: Evidence): Breach[] {
  const breaches: Breach[] = [];
  const breach = (what: string) =>
    breaches.push({ promise: 'the log keeps secrets', room: undefined, what, at: peaceAt });
  const lower = output.toLowerCase();
  for (const { lines } of rooms)
    for (const { text } of lines)
      if (lower.includes(text.toLowerCase().slice(0, -1))) breach(`the log has “${text}”`);
  for (const secret of [discord.token, fish.apiKey])
    if (output.includes(secret)) breach('the log has a secret');
  for (const line of output.split('\n')) {
    if (/"level":"fatal"|unhandled|uncaught/i.test(line))
      breaches.push({ promise: 'the process lives', room: undefined, what: line, at: peaceAt });
  }
  return breaches;
}
