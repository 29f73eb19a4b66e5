import { bad, type Finding, good, unknown } from './finding.ts';

const THING = 'Clock';
/** So many milliseconds may this machine's clock be wrong. */
const TOLERATED_MS = 60_000;

/** The clocks of others: by how many milliseconds each is ahead of ours, and null where it tells no time. */
export type OtherClocks = Readonly<Record<string, number | null>>;

/** Compares this machine's clock with those of others; the one that differs most decides. */
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
