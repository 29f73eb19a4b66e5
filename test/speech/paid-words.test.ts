import { expect, test } from 'vitest';
import { FLUSH, type Piece } from '../../src/fish/pieces.ts';
import { LiveWords } from '../../src/speech/live-words.ts';
import { PaidWords } from '../../src/speech/paid-words.ts';
import { Unsaid } from '../../src/speech/reasons.ts';

/** An answer that is still being written, and what was paid for it. At `cap` bytes paying is refused. */
function answer({ cap = 1_000, maxBytes = 1_000 } = {}) {
  const written = new LiveWords(() => {});
  const paid: number[] = [];
  const capped: Unsaid[] = [];
  const pay = async (bytes: number) => {
    if (paid.reduce((sum, each) => sum + each, bytes) > cap)
      throw new Unsaid('person-cap', 'cap.person', { bytes: cap });
    paid.push(bytes);
    await Promise.resolve();
  };
  const words = new PaidWords({
    words: written,
    opening: text => `Ana: ${text}`,
    ending: 'and so on',
    maxBytes,
    pay,
    onCapped: why => void capped.push(why),
  });
  return { written, words, paid, capped };
}

async function read(words: AsyncIterable<Piece>): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of words) pieces.push(piece);
  return pieces;
}

test('a piece is paid once, also when a reader that was let go still waits for it', async () => {
  const { written, words, paid } = answer();
  written.say('One.', true);
  const first = words[Symbol.asyncIterator]();
  await first.next();
  await first.next();
  const late = first.next();
  void first.return?.();
  const second = read(words);
  await new Promise(setImmediate);
  written.say('Two.', true);
  written.say('Three.', true);
  written.end(new Error('nothing was written'));
  expect(await second).toEqual(['Ana: One.', FLUSH, ' Two.', FLUSH, ' Three.', FLUSH]);
  await late;
  expect(paid).toEqual([9, 5, 7]);
});

test('at a cap both readers end in the same way, and it is told once', async () => {
  const { written, words, capped } = answer({ cap: 10 });
  written.say('One.', true);
  const first = read(words);
  const second = read(words);
  await new Promise(setImmediate);
  written.say('Two.', true);
  const ending = ['Ana: One.', FLUSH, ' and so on'];
  expect([await first, await second]).toEqual([ending, ending]);
  expect(capped).toHaveLength(1);
});

test('the longest that an answer may be is counted once for all readers', async () => {
  const { written, words } = answer({ maxBytes: 20 });
  const readers = [read(words), read(words)];
  await new Promise(setImmediate);
  for (const text of ['One.', 'Two.', 'Three.']) written.say(text, false);
  for (const pieces of await Promise.all(readers))
    expect(pieces).toEqual(['Ana: One.', ' Two.', ' and so on']);
});
