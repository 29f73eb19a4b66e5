import { expect, test } from 'vitest';
import { readArgs } from './args.ts';

test.each([
  [[], { kind: 'say', words: '', voice: undefined, out: 'sandbox.ogg' }],
  [['Hello', 'there'], { kind: 'say', words: 'Hello there' }],
  [['...'], { kind: 'say', words: '...' }],
  [
    ['--voice', 'Captain Redbeard', '--out=a.ogg', 'Hi'],
    { words: 'Hi', voice: 'Captain Redbeard', out: 'a.ogg' },
  ],
  [['--ask', 'Why', 'salt?'], { kind: 'ask', words: 'Why salt?' }],
  [['--', '-5 degrees'], { kind: 'say', words: '-5 degrees' }],
  [['--page'], { kind: 'page', open: true }],
  [['--page', '--no-open'], { kind: 'page', open: false }],
  [['--servers', '--no-open'], { kind: 'servers', open: false }],
  [['-h'], { kind: 'help' }],
  [['--help', 'words'], { kind: 'help' }],
])('%j is understood', (args, task) => {
  expect(readArgs(args)).toMatchObject(task);
});

test.each([
  [['--bogus'], 'bogus'],
  [['--voice'], 'voice'],
  [['--page', 'words'], '--page'],
  [['--servers', '--ask'], '--servers'],
  [['--ask', '--voice', 'x'], '--voice'],
  [['--out', '/nowhere/a.ogg'], '/nowhere/a.ogg'],
  [['--out', '.'], 'folder'],
  [['--out', ''], '--out'],
  [['x'.repeat(2_001)], '2001'],
])('%j is refused, and the word that is wrong is named', (args, word) => {
  const task = readArgs(args);
  expect(task.kind === 'wrong' && task.why).toContain(word);
});
