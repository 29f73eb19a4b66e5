import type { Breach, Evidence } from '../evidence.ts';
import { says } from '../heard.ts';

/** Bytes that were counted may be more than those Fish was sent: it was not seen to read them. */
const MOST_TOO_MANY = 1.1;
const SLACK_BYTES = 200;

/** What stands in the ledger is what Fish was sent. */
export function counted(evidence: Evidence): Breach[] {
  const { deeds, rooms, lastWords } = evidence;
  const forgets = deeds.some(({ act }) => act.costs?.forgets);
  return rooms.flatMap(({ room, sessions, usage }) => {
    // Those were said after `/usage` had been asked.
    const asked = sessions.filter(session => !lastWords || !says(session, lastWords));
    const sent = bytesOf(asked);
    // Where Fish ended before it had answered in its own protocol, it is not known to have read the words.
    const answered = asked.filter(session => evidence.stricken.get(session)?.kind !== 'malformed');
    const read = bytesOf(answered.filter(({ ended, packets }) => ended === 'finish' || packets.length > 0));
    const ledger = Number(/([\d,]+) bytes?/.exec(usage)?.[1]?.replaceAll(',', '') ?? Number.NaN);
    const tooMany = ledger > sent * MOST_TOO_MANY + SLACK_BYTES;
    const tooFew = ledger < read && !forgets;
    if (!tooMany && !tooFew && !Number.isNaN(ledger)) return [];
    const what = `Fish was sent ${sent} bytes, of which it read ${read}, and /usage says: ${usage}`;
    return [{ promise: 'what is spent is counted', room: room.index, what, at: evidence.peaceAt }];
  });
}

function bytesOf(sessions: readonly { readonly bytes: number }[]): number {
  return sessions.reduce((sum, { bytes }) => sum + bytes, 0);
}
