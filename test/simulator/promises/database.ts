import texts from '../../../src/locale/en.json' with { type: 'json' };
import type { Breach, Evidence } from '../evidence.ts';
import type { Health } from '../scene.ts';

const [WORKING = ''] = texts['status.store-ok'].split('{', 1);

/** `/readyz` and `/status` say that the database cannot be written, and that it can be again. */
export function databaseTold({ fullDisks, inPeace }: Evidence): Breach[] {
  return [...fullDisks.flatMap(health => wrongIn(health, false)), ...(inPeace ? wrongIn(inPeace, true) : [])];
}

function wrongIn({ at, readyz, status }: Health, works: boolean): Breach[] {
  const told = [
    readyz !== undefined && /"database":\{"ok":true/.test(readyz) !== works && `/readyz: ${readyz.trim()}`,
    status !== undefined && status.includes(WORKING) !== works && `/status: ${status}`,
  ];
  return told
    .filter(what => what !== false)
    .map(what => {
      const full = works ? 'there is room on the disk' : 'the disk is full';
      return {
        promise: 'what the database cannot do is told',
        room: undefined,
        what: `${full}, ${what}`,
        at,
      };
    });
}
