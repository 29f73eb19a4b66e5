import { expect, test } from 'vitest';
import { PersonDeletion } from '../../../src/discord/privacy/person-deletion.ts';
import { UserError } from '../../../src/errors.ts';
import { translator } from '../../../src/locale/catalogue.ts';
import { checkComponents } from '../../sandbox/discord/component-rules.ts';

type Asking = Parameters<PersonDeletion['ask']>[0];
type Pressing = Parameters<PersonDeletion['answer']>[0];

const t = translator('en-US');
const ANA = { user: { id: '200000000000000001' } } as Asking;

/** A question that Ana is asked at 0 ms, and what was deleted. */
function asked() {
  let at = 0;
  const deleted: string[] = [];
  const deletion = new PersonDeletion({
    cloning: {
      async forgetPerson({ user }) {
        deleted.push(user.id);
      },
    },
    now: () => at,
  });
  const answer = deletion.ask(ANA, t);
  if (typeof answer !== 'object' || !('rows' in answer)) throw new Error('no question');
  checkComponents(answer.rows, { v2: false, fileNames: [], path: [] });
  const [row] = answer.rows;
  const ids = row!.components.map(one => ('custom_id' in one ? one.custom_id : ''));
  const press = (id: string, { userId = ANA.user.id, afterMs = 0 } = {}) => {
    at = afterMs;
    return deletion.answer({ customId: id, user: { id: userId } } as Pressing, t);
  };
  return { yes: ids[0] ?? '', no: ids[1] ?? '', press, deleted, deletion };
}

test('whoever was asked decides, and the buttons go', async () => {
  const { yes, no, press, deleted, deletion } = asked();
  expect(deletion.owns(yes) && deletion.owns(no)).toBe(true);
  expect(await press(no)).toMatchObject({ text: 'I deleted nothing.', rows: [] });
  expect(deleted).toEqual([]);
  expect(await press(yes, { afterMs: 299_000 })).toMatchObject({ rows: [] });
  expect(deleted).toEqual([ANA.user.id]);
});

test('nobody else can decide, and nobody after five minutes', async () => {
  const { yes, press, deleted } = asked();
  await expect(press(yes, { userId: '200000000000000002' })).rejects.toThrow(UserError);
  expect(await press(yes, { afterMs: 300_000 })).toMatchObject({ rows: [] });
  expect(await press(yes.replace(/\d+$/, ''), { afterMs: 1 })).toMatchObject({ rows: [] });
  expect(deleted).toEqual([]);
});
