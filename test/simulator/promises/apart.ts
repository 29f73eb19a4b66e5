import { QUIET } from '../cast.ts';
import type { Breach, Evidence } from '../evidence.ts';
import { fateOf } from '../fate.ts';

/** A server hears what Fish said for it, and nothing else; what happens in another is not noticed. */
export function apart(evidence: Evidence): Breach[] {
  const breaches: Breach[] = [];
  for (const { room, strays, runs, sessions } of evidence.rooms) {
    for (const { at, bytes } of strays)
      breaches.push({ promise: 'the bytes that Fish sent', room: room.index, what: `heard: ${bytes}…`, at });
    for (const { session, at } of runs)
      if (!sessions.includes(session)) {
        const what = `“${session.text.trim()}” belongs to another server`;
        breaches.push({ promise: 'servers are apart', room: room.index, what, at });
      }
  }
  const quiet = evidence.rooms[QUIET];
  if (!quiet || evidence.deeds.some(({ act }) => act.scope !== 'room')) return breaches;
  for (const line of quiet.lines) {
    const { whole, missing, from } = fateOf(evidence, quiet, line);
    if (whole && missing === 0) continue;
    const what = `“${line.text}” in the quiet server: ${missing} packets missing`;
    breaches.push({ promise: 'servers are apart', room: QUIET, what, at: Math.min(from, line.at) });
  }
  return breaches;
}
