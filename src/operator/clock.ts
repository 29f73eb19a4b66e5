import { bad, type Finding, good, unknown } from './finding.ts';

// One check of `npm run doctor`: whether this machine's clock is right, since TLS certificates and the UTC day of the
// budget depend on it. It compares the clock with those that Discord and Fish Audio sent along with their answers.

const THING = 'Clock';
/** By how many milliseconds this machine's clock may be wrong. */
const TOLERATED_MS = 60_000;

/** For each server, by its name: by how many milliseconds its clock is ahead of ours; null where it tells no time. */
export type OtherClocks = Readonly<Record<string, number | null>>;

/** The clock that differs most from this machine's decides. */
export function clockFinding(others: OtherClocks): Finding {
  const told = Object.entries(others).filter((each): each is [string, number] => each[1] !== null);
  const [name, aheadMs] = told.toSorted(([, a], [, b]) => Math.abs(b) - Math.abs(a))[0] ?? ['', 0];
  if (name === '') return unknown(THING, 'nobody has answered whose clock it could be compared with');
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  if (Math.abs(aheadMs) <= TOLERATED_MS)
    return good(THING, `as that of ${name}, within ${Math.max(1, seconds)} s`);
  const off = seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
  return bad(
    THING,
    `this machine's clock is ${off} ${aheadMs > 0 ? 'behind' : 'ahead of'} that of ${name}`,
    'set it, and have it kept right: `timedatectl set-ntp true` on Linux',
  );
}
