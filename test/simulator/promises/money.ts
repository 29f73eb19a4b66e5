import type { Breach, Evidence, RoomEvidence } from '../evidence.ts';
import { says } from '../heard.ts';

/** Bytes that were counted may be more than those Fish was sent: it was not seen to read them. */
const MOST_TOO_MANY = 1.1;
const SLACK_BYTES = 200;

/** What stands in the ledger is what Fish was sent: by `/usage`, and in the file when the process has ended. */
export function counted(evidence: Evidence): Breach[] {
  const { rooms, lastWords, ledger } = evidence;
  return rooms.flatMap(one => {
    const { room, sessions, usage } = one;
    // Those were said after `/usage` had been asked.
    const asked = sessions.filter(session => !lastWords || !says(session, lastWords));
    const told = Number(/([\d,]+) bytes?/.exec(usage)?.[1]?.replaceAll(',', '') ?? Number.NaN);
    const kept = ledger.get(room.guild.id) ?? 0;
    return [
      ...wrongIn(evidence, one, { sessions: asked, ledger: told, where: `/usage says: ${usage}` }),
      ...wrongIn(evidence, one, { sessions, ledger: kept, where: `the file has ${kept}` }),
    ];
  });
}

interface Count {
  /** What was said before it was counted. */
  readonly sessions: RoomEvidence['sessions'];
  readonly ledger: number;
  readonly where: string;
}

function wrongIn(evidence: Evidence, { room }: RoomEvidence, { sessions, ledger, where }: Count): Breach[] {
  const forgets = evidence.deeds.some(({ act }) => act.costs?.forgets);
  const sent = bytesOf(sessions);
  // Where Fish ended before it had answered in its own protocol, it is not known to have read the words.
  const answered = sessions.filter(session => evidence.stricken.get(session)?.kind !== 'malformed');
  const read = bytesOf(answered.filter(({ ended, packets }) => ended === 'finish' || packets.length > 0));
  const tooMany = ledger > sent * MOST_TOO_MANY + SLACK_BYTES;
  const tooFew = ledger < read && !forgets;
  if (!tooMany && !tooFew && !Number.isNaN(ledger)) return [];
  const what = `Fish was sent ${sent} bytes, of which it read ${read}, and ${where}`;
  return [{ promise: 'what is spent is counted', room: room.index, what, at: evidence.peaceAt }];
}

function bytesOf(sessions: readonly { readonly bytes: number }[]): number {
  return sessions.reduce((sum, { bytes }) => sum + bytes, 0);
}
