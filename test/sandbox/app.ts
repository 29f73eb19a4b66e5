import {
  type ChatInputCommandInteraction,
  Client,
  type ClientOptions,
  DiscordAPIError,
  Events,
  GatewayIntentBits,
  type Interaction,
  Routes,
} from 'discord.js';
import { afterEach } from 'vitest';
import { until } from '../support/until.ts';
import { type FakeDiscord, type FakeInteraction, startDiscord } from './discord/discord.ts';

/** What tests of the sandbox's interactions share: an app with commands, run by an unmodified discord.js. */

const WITHIN_MS = 30_000;
const MANAGE_SERVER = (1n << 5n).toString();

const COMMANDS = [
  {
    name: 'voice',
    description: 'Voices',
    description_localizations: { de: 'Stimmen', ja: '声' },
    options: [
      {
        type: 1,
        name: 'set',
        description: 'Sets',
        options: [
          { type: 3, name: 'voice', description: 'Which', required: true, autocomplete: true },
          { type: 4, name: 'speed', description: 'How fast', min_value: 1, max_value: 3 },
          { type: 6, name: 'user', description: 'Whose' },
          { type: 8, name: 'role', description: 'Which role' },
          { type: 7, name: 'channel', description: 'Where' },
          { type: 11, name: 'file', description: 'Sound' },
        ],
      },
    ],
  },
  { name: 'panel', description: 'Settings', default_member_permissions: MANAGE_SERVER },
  { name: 'Read aloud', type: 3 },
];

/** A command of its own, for those tests to which it matters what is registered. */
export const HELLO = {
  name: 'hello',
  description: 'Greets',
  options: [
    { type: 3, name: 'text', description: 'What', required: true, max_length: 20 },
    { type: 7, name: 'channel', description: 'Where', channel_types: [2], required: false },
  ],
};

const undo: (() => PromiseLike<unknown>)[] = [];

/** Call this once in a test file: frees what `app()` made after each test. */
export function useApps(): void {
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  });
}

/** An unmodified discord.js, not logged in yet. */
export function clientOf(discord: FakeDiscord, intents: ClientOptions['intents']): Client {
  const client = new Client({ intents, rest: { api: discord.apiUrl, timeout: WITHIN_MS } });
  undo.push(() => client.destroy());
  return client;
}

/** An unmodified discord.js, logged in and ready. */
export async function loggedIn(
  discord: FakeDiscord,
  intents: ClientOptions['intents'],
): Promise<Client<true>> {
  const client = clientOf(discord, intents);
  const { promise, resolve } = Promise.withResolvers<Client<true>>();
  client.once(Events.ClientReady, resolve);
  await client.login(discord.token);
  return promise;
}

/** A Discord that is freed after the test. */
export async function discordForTest(options?: Parameters<typeof startDiscord>[0]): Promise<FakeDiscord> {
  const discord = await startDiscord(options);
  undo.push(() => discord[Symbol.asyncDispose]());
  return discord;
}

/** A Japanese server with Ana, a German who manages it, and Ben ("Benny" there); the bot, its commands registered. */
export async function app() {
  const discord = await discordForTest();
  const guild = discord.addGuild({ locale: 'ja' });
  const ana = discord.addUser('Ana', { locale: 'de' });
  const ben = discord.addUser('Ben');
  guild.addMember(ana, { permissions: MANAGE_SERVER });
  guild.addMember(ben, { nick: 'Benny' });
  const bot = await loggedIn(discord, [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages]);
  await bot.rest.put(Routes.applicationCommands(bot.application.id), { body: COMMANDS });
  return { discord, guild, ana, ben, bot };
}

/** A bot in one server with Ana, which sees who is in voice, and has the command `HELLO` registered. */
export async function hello() {
  const discord = await discordForTest();
  const guild = discord.addGuild({ name: 'Home' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  const bot = await loggedIn(discord, [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates]);
  await bot.rest.put(Routes.applicationCommands(bot.application.id), { body: [HELLO] });
  return { discord, guild, ana, bot };
}

/** The bot's next interaction of the kind that `is` tells. */
export async function nextUse<T extends Interaction>(
  client: Client,
  is: (use: Interaction) => use is T,
): Promise<T> {
  let found: T | undefined;
  const listen = (use: Interaction) => {
    if (!found && is(use)) found = use;
  };
  client.on(Events.InteractionCreate, listen);
  await until('an interaction', () => found !== undefined, WITHIN_MS).finally(() =>
    client.off(Events.InteractionCreate, listen),
  );
  if (!found) throw new Error('no interaction');
  return found;
}

export const isChat = (use: Interaction): use is ChatInputCommandInteraction => use.isChatInputCommand();

/** Ana opens the panel, and the bot answers with `data`. */
export async function panel(
  { discord, guild, ana, bot }: Awaited<ReturnType<typeof app>>,
  data: object,
): Promise<FakeInteraction> {
  const arriving = nextUse(bot, isChat);
  const use = discord.command(ana, guild, 'panel');
  await answer(bot, await arriving, { type: 4, data });
  return use;
}

/** A first response, as it stands. */
export function answer(bot: Client, { id, token }: Interaction, body: object): Promise<unknown> {
  return bot.rest.post(Routes.interactionCallback(id, token), { auth: false, body });
}

/** Status and code of a refusal, and the codes of its form errors. */
export async function refusal(call: Promise<unknown>): Promise<unknown[]> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error;
    const codes = [...JSON.stringify(error.rawError).matchAll(/"code":"(\w+)"/gu)].map(([, code]) => code);
    return [error.status, error.code, ...codes];
  }
  throw new Error('the call was not refused');
}

export const row = (...components: object[]) => ({ type: 1, components });
export const button = (id: string, more = {}) => ({ type: 2, style: 1, label: id, custom_id: id, ...more });
export const text = (content: string) => ({ type: 10, content });

/** Options of a select, or choices. */
export function options(count: number, value?: string): { label: string; value: string }[] {
  return Array.from({ length: count }, (_, index) => ({ label: 'x', value: value ?? `${index}` }));
}
