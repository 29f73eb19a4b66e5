import type { Breach, Evidence } from '../evidence.ts';

/** Dials to Fish in any second. Pools warm up, and each session may need one more. */
const MOST_DIALS_A_SECOND = 30;
const JOINS = 3;
const NOTICES = 3;

/** Nothing is asked again and again: of Discord, of Fish, of people. */
export function calm(evidence: Evidence): Breach[] {
  const { discord, fish, deeds, rooms } = evidence;
  const breaches: Breach[] = [];
  const { handshakes } = fish;
  for (const [index, { at }] of handshakes.entries()) {
    const within = handshakes.slice(index).findIndex(later => later.at > at + 1_000);
    const count = within < 0 ? handshakes.length - index : within;
    if (count <= MOST_DIALS_A_SECOND) continue;
    breaches.push({ promise: 'no storms', room: undefined, what: `${count} dials to Fish in a second`, at });
    break;
  }
  for (const { room } of rooms) {
    const own = deeds.filter(deed => deed.room === undefined || deed.room === room.index);
    const joins = JOINS + own.reduce((sum, { act }) => sum + 2 * (act.costs?.joins ?? 0), 0);
    const asked = discord.op4Count(room.guild);
    if (asked > joins) {
      const what = `${asked} voice state updates, where ${joins} would be many`;
      breaches.push({ promise: 'no storms', room: room.index, what, at: evidence.peaceAt });
    }
    const channels = [...room.guild.channels.keys()].map(id => `/channels/${id}/messages`);
    const notices = discord.requests.filter(
      ({ method, path }) => method === 'POST' && channels.includes(path),
    );
    if (notices.length > NOTICES + own.length) {
      const what = `${notices.length} notices in ${own.length} troubles`;
      breaches.push({ promise: 'no storms', room: room.index, what, at: notices.at(-1)?.at ?? 0 });
    }
  }
  return breaches;
}
