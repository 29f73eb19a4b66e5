import { StoreNewerError, StorePathError } from '../store/errors.ts';
import { type DatabaseState, isHeld, lookAtDatabase } from '../store/look.ts';
import { bad, type Finding, good } from './finding.ts';

// One check of `npm run doctor`: whether the bot can work with its database. Here are the words for the operator, and
// what to do; `store/look.ts` does the looking.

const THING = 'Database';

/** Looks at the database at `url`, and changes nothing in it. */
export async function databaseFinding(url: string): Promise<Finding> {
  try {
    const finding = findingOf(await lookAtDatabase(url));
    if (finding.verdict === 'bad' || !isHeld(url)) return finding;
    return good(THING, 'a Parrotfish that is running works with it; a second one would not start');
  } catch (error) {
    if (error instanceof StorePathError) return bad(THING, error.what, error.remedy);
    if (error instanceof StoreNewerError)
      return bad(THING, 'it was written by a later version of Parrotfish', error.remedy);
    throw error;
  }
}

function findingOf(state: DatabaseState): Finding {
  switch (state) {
    case 'absent':
      return good(THING, 'there is none yet; it will be made at the first start');
    case 'ready':
      return good(THING, 'is there, and of this version');
    case 'older':
      return good(
        THING,
        'is of an earlier version; it will be copied and brought up to date at the next start',
      );
    case 'unwritable':
    case 'read-only':
      return bad(
        THING,
        'can be read but not written',
        'give this user the right to write it, and the folder it is in',
      );
    case 'barred':
      return bad(
        THING,
        'no tables can be made in it: the schema is not there, or this user has no right to make tables in it',
        'as the owner of the database, `create schema` where DATABASE_URL names one, and `grant create on schema` (mostly public) to the user of DATABASE_URL',
      );
    case 'locked':
      return bad(
        THING,
        'another program has locked it',
        'end what works with it, such as a backup; then try again',
      );
    case 'full':
      return bad(THING, 'its disk is full', 'make room on it');
    case 'corrupt':
      return bad(
        THING,
        'is damaged',
        'start the bot: it puts the newest sound copy in its place (docs/operate/backup.md says more)',
      );
    case 'unreachable':
      return bad(
        THING,
        'PostgreSQL cannot be reached, or refuses the log-in',
        'check DATABASE_URL (host, port, user, password, name, what stands after the ?), and that PostgreSQL runs',
      );
    case 'unknown':
      return bad(THING, 'does not work, for an unknown reason', 'look into its log');
  }
}
