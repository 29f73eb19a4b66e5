import { expect, test } from 'vitest';
import { withFirstSteps } from '../../src/operator/configuration.ts';

const TOKEN = 'DISCORD_TOKEN is missing: set it to the token';
const KEY = 'FISH_API_KEY is missing: set it to an API key';

test('who has no .env is told once how to get one', () => {
  const lines = withFirstSteps(['HTTP_PORT is wrong', TOKEN, KEY], true);
  expect(lines).toEqual(['HTTP_PORT is wrong', expect.stringContaining('npm run setup'), KEY]);
  expect(lines[1]).toMatch(/^DISCORD_TOKEN is missing: set it to the token\. .*`cp \.env\.example \.env`/);
});

test('who has one is not told to overwrite it, and other problems need none', () => {
  expect(withFirstSteps([TOKEN, KEY], false)).toEqual([TOKEN, KEY]);
  expect(withFirstSteps(['FISH_MODEL is not a known value'], true)).toEqual([
    'FISH_MODEL is not a known value',
  ]);
});
