import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { envExample } from '../src/variables.ts';
import { GOOD } from './support/config.ts';

test('.env.example is what the schema says; after a change of the schema run: npx vitest run test/env-example.test.ts -u', async () => {
  await expect(envExample()).toMatchFileSnapshot('../.env.example');
});

test('with the two secrets filled in it loads, and its commented lines are the defaults', () => {
  const asIs = parseEnv(envExample());
  expect(asIs).toEqual({ DISCORD_TOKEN: '', FISH_API_KEY: '' });

  const { FISH_VOICE, HTTP_PORT, DISCORD_CDN_URL, LLM_BASE_URL, LLM_MODEL, ...defaults } = parseEnv(
    envExample().replaceAll(/^# (?=[A-Z_]+=)/gm, ''),
  );
  expect(loadConfig({ ...defaults, ...GOOD })).toEqual(loadConfig(GOOD));
  expect(
    loadConfig({ ...GOOD, FISH_VOICE, HTTP_PORT, DISCORD_CDN_URL, LLM_BASE_URL, LLM_MODEL }),
  ).toMatchObject({
    discord: { cdnUrl: DISCORD_CDN_URL },
    fish: { voice: FISH_VOICE },
    llm: { baseUrl: LLM_BASE_URL, model: LLM_MODEL },
    http: { port: Number(HTTP_PORT) },
  });
});
