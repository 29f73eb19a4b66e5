import { expect, test } from 'vitest';
import { GrowingMessage } from '../../../src/discord/ask/growing-message.ts';
import { createLog } from '../../../src/log.ts';
import { until } from '../../support/until.ts';

const log = createLog('silent', []);

/** A message, and what it has shown. */
function message() {
  const shown: string[] = [];
  const interaction = {
    deferred: true,
    replied: true,
    guildId: '1',
    editReply: ({ content }: { content: string }) => Promise.resolve(shown.push(content)),
    deleteReply: () => Promise.resolve(),
  } as unknown as ConstructorParameters<typeof GrowingMessage>[0];
  return { growing: new GrowingMessage(interaction, log), shown };
}

test('an answer that grows many times between two edits is made ready for each edit alone', async () => {
  const { growing, shown } = message();
  let made = 0;
  const grow = (upTo: number) => {
    for (let length = 1; length <= upTo; length += 1)
      growing.show(() => {
        made += 1;
        return 'x'.repeat(length);
      });
  };
  grow(1_000);
  await until('the first edit', () => shown.length === 1);
  grow(2_000);
  await until('the second edit', () => shown.length === 2, 10_000);
  expect(shown.map(({ length }) => length)).toEqual([1_000, 2_000]);
  expect(made).toBe(2);
});

test('what is shown already is not sent again, and what comes after it is', async () => {
  const { growing, shown } = message();
  growing.show(() => 'one');
  await until('the first edit', () => shown.length === 1);
  let made = false;
  growing.show(() => {
    made = true;
    return 'one';
  });
  await until('it was looked at', () => made, 10_000);
  growing.show(() => 'two');
  await until('the next edit', () => shown.length === 2, 10_000);
  expect(shown).toEqual(['one', 'two']);
  expect(await growing.finish('three', { atOnce: true })).toBe(true);
  expect(shown.at(-1)).toBe('three');
});
