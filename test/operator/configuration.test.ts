import { expect, test } from 'vitest';
import { idleVariables, strayFindings, withFirstSteps } from '../../src/operator/configuration.ts';

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

test('a name that is misspelled is told, also in the first line of an .env with a byte order mark', () => {
  const env = { '\uFEFFDISCORD_TOEKN': 'a', DISCORD_TOKEN: 'a', '\uFEFFFISH_API_KEY': 'a', PATH: 'a' };
  const [finding, ...others] = strayFindings(env, new Set(['DISCORD_TOKEN', 'FISH_API_KEY']));
  expect(others).toEqual([]);
  expect(finding?.detail).toContain('DISCORD_TOEKN is set, and Parrotfish has no such variable');
});

test('variables that do nothing without another one are told, without their values', () => {
  const lines = idleVariables({
    LLM_MODEL: 'qqxyzzy',
    LLM_API_KEY: 'qqxyzzy',
    LLM_BASE_URL: ' ',
    HTTP_HOST: 'qqxyzzy',
  });
  expect(lines).toEqual([
    expect.stringMatching(/^LLM_MODEL, LLM_API_KEY: .*without LLM_BASE_URL.*https:\/\/api\.openai\.com\/v1$/),
    expect.stringMatching(/^HTTP_HOST: .*without HTTP_PORT/),
  ]);
  expect(lines.join()).not.toContain('qqxyzzy');
  expect(
    idleVariables({ LLM_BASE_URL: 'http://127.0.0.1/v1', LLM_MODEL: 'a', HTTP_PORT: '1', HTTP_HOST: 'a' }),
  ).toEqual([]);
  expect(idleVariables({ LLM_MODEL: '', HTTP_HOST: '' })).toEqual([]);
});
