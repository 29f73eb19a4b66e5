import { afterEach, expect, test } from 'vitest';
import { connectGateway, INTENTS } from '../support/gateway-client.ts';
import { startDiscord } from './discord/discord.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** View Channel, Connect, and Read Message History, as bits of a permission. */
const [VIEW, CONNECT, HISTORY] = [1n << 10n, 1n << 20n, 1n << 16n];

async function scene() {
  const discord = await startDiscord();
  cleanups.push(() => discord[Symbol.asyncDispose]());
  const guild = discord.addGuild();
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  guild.botPermissions = String(BigInt(guild.botPermissions) | HISTORY);
  const client = await connectGateway(discord, INTENTS.guilds | INTENTS.messages | INTENTS.content);
  cleanups.push(() => client.close());
  const list = (query = '', channel = guild.textChannel) =>
    client.call('GET', `/channels/${channel.id}/messages${query}`);
  const texts = async (query = '') => {
    const { json } = await list(query);
    return (json['list'] as { content: string }[]).map(({ content }) => content);
  };
  return { discord, guild, ana, list, texts };
}

test('messages are listed newest first: the newest ones, or those next to an id', async () => {
  const { discord, guild, ana, texts, list } = await scene();
  const sent = ['1', '2', '3', '4', '5'].map(text => discord.message(ana, guild.textChannel, text));
  discord.message(ana, guild.voiceChannel, 'Elsewhere');
  const id = (index: number) => sent[index]?.id ?? '';
  expect(await texts()).toEqual(['5', '4', '3', '2', '1']);
  expect(await texts('?limit=2')).toEqual(['5', '4']);
  expect(await texts(`?after=${id(0)}&limit=2`)).toEqual(['3', '2']); // those that come right after it
  expect(await texts(`?after=${id(4)}`)).toEqual([]);
  expect(await texts(`?before=${id(3)}&limit=2`)).toEqual(['3', '2']);
  expect(await texts(`?around=${id(2)}&limit=3`)).toEqual(['4', '3', '2']);
  expect(await texts(`?after=${BigInt(id(1)) - 1n}`)).toEqual(['5', '4', '3', '2']); // there is no message of that id
  const [newest] = (await list('?limit=1')).json['list'] as object[];
  expect(newest).toMatchObject({ author: { id: ana.id }, channel_id: guild.textChannel.id });
  expect(newest).not.toHaveProperty('member'); // unlike what the gateway tells
  for (const bad of ['?limit=0', '?limit=101', '?limit=x', '?after=x', `?after=${id(0)}&before=${id(1)}`])
    expect(await list(bad)).toMatchObject({ status: 400, json: { code: 50035 } });
});

test('without Read Message History nothing is listed, and a channel that is not seen is no business of the bot', async () => {
  const { discord, guild, ana, list } = await scene();
  discord.message(ana, guild.textChannel, 'Hi');
  const all = BigInt(guild.botPermissions);
  guild.botPermissions = String(all & ~HISTORY);
  expect(await list()).toMatchObject({ status: 200, json: { list: [] } });
  guild.botPermissions = String(all & ~CONNECT);
  expect(await list('', guild.voiceChannel)).toMatchObject({ status: 403, json: { code: 50001 } });
  expect(await list()).toMatchObject({ status: 200 });
  guild.botPermissions = String(all & ~VIEW);
  expect(await list()).toMatchObject({ status: 403, json: { code: 50001 } });
});
