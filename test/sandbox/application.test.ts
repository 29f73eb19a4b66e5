import { expect, onTestFinished, test } from 'vitest';
import { startDiscord } from './discord/discord.ts';

const TEN_MINUTES_MS = 600_000;

/** Asks the sandbox's Discord as a program without a library does. */
async function scene() {
  const discord = await startDiscord();
  onTestFinished(async () => await discord[Symbol.asyncDispose]());
  const ask = async (path: string, token = discord.token) => {
    const headers = { authorization: `Bot ${token}`, 'user-agent': 'DiscordBot (raw, 1)' };
    const answer = await fetch(`${discord.apiUrl}/v10${path}`, { headers });
    const json = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, json, date: Date.parse(answer.headers.get('date') ?? '') };
  };
  return { discord, ask };
}

test('who the bot is, and what its application may do; a wrong token is refused', async () => {
  const { discord, ask } = await scene();
  expect((await ask('/users/@me')).json).toMatchObject({ id: discord.applicationId, bot: true });
  const application = async () => (await ask('/oauth2/applications/@me')).json;
  const { flags, ...first } = await application();
  expect(first).toMatchObject({ id: discord.applicationId, bot_require_code_grant: false });
  expect(Number(flags) & (1 << 19)).not.toBe(0);
  discord.faults.messageContentIntent = false;
  discord.faults.requiresCodeGrant = true;
  expect(await application()).toMatchObject({ flags: 0, bot_require_code_grant: true });
  for (const path of ['/users/@me', '/oauth2/applications/@me', '/gateway/bot'])
    expect(await ask(path, 'wrong')).toMatchObject({ status: 401, json: { message: '401: Unauthorized' } });
});

test('the gateway: its address for everybody, and how many log-ins are left', async () => {
  const { discord, ask } = await scene();
  expect(await ask('/gateway', '')).toMatchObject({
    status: 200,
    json: { url: expect.stringMatching(/^wss?:/) },
  });
  discord.faults.noLoginsLeft = true;
  expect((await ask('/gateway/bot')).json).toMatchObject({ session_start_limit: { remaining: 0 } });
});

test('the time of its answers is now, or as far ahead as it is told', async () => {
  const { discord, ask } = await scene();
  expect(Math.abs((await ask('/gateway')).date - Date.now())).toBeLessThan(TEN_MINUTES_MS / 10);
  discord.faults.dateAheadMs = TEN_MINUTES_MS;
  expect((await ask('/gateway')).date - Date.now()).toBeGreaterThan(TEN_MINUTES_MS / 2);
});
