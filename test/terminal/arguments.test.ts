import { expect, test } from 'vitest';
import { HELP, readArguments } from '../../src/terminal/arguments.ts';
import { UsageError } from '../../src/terminal/command-line.ts';

test.each([
  [['--speed', '9', 'x'], /--speed must be a number from 0\.5 to 2/],
  [['--volume', 'loud', 'x'], /--volume must be/],
  [['--latency', 'never', 'x'], /--latency must be one of low, balanced, normal/],
  [['--model', 'gpt', 'x'], /--model must be one of s1/],
  [['--out', 'x.flac', 'x'], /--out must end in/],
  [[' '], /no text to say/],
  [['--reference', 'a.wav', 'x'], /go together/],
  [['--what', 'x'], /Unknown option '--what'/],
])('wrong arguments of `npm run say` are told: %j', (args, words) => {
  const read = () => readArguments(args);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(words);
});

test('its help tells all options', () => {
  const options = 'voice reference reference-text latency speed volume model out debug'.split(' ');
  for (const option of options) expect(HELP).toContain(`--${option} `);
});
