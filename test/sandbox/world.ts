import { type Bot, startBot } from './bot.ts';
import { cannedAnswer } from './canned-answer.ts';
import type { FakeChannel } from './discord/channel.ts';
import { type FakeDiscord, type FakeGuild, type FakeUser, startDiscord } from './discord/discord.ts';
import { PERMISSION } from './discord/permissions.ts';
import { type FakeFish, realisticBehaviour, startFish } from './fish/fish.ts';
import { type FakeModel, realisticModel, startModel } from './llm/model.ts';

/** The sandbox's servers, and a Discord server with people in it. */
export interface Servers extends AsyncDisposable {
  readonly discord: FakeDiscord;
  readonly fish: FakeFish;
  readonly model: FakeModel;
  readonly guild: FakeGuild;
  /** Manages the server. */
  readonly ana: FakeUser;
  readonly ben: FakeUser;
  /** Has a Japanese client. */
  readonly kenji: FakeUser;
  readonly lounge: FakeChannel;
}

/** The servers, and the bot that runs against them. */
export interface World extends Servers {
  readonly bot: Bot;
}

/** What the bot can use besides what it cannot do without: files, marks below messages, voice messages, a status. */
const ALL_OF_USE =
  PERMISSION.attachFiles |
  PERMISSION.readMessageHistory |
  PERMISSION.addReactions |
  PERMISSION.sendVoiceMessages |
  PERMISSION.setVoiceChannelStatus;

/** Ends the bot when the sandbox's process is gone, however that ended. */
const END_WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url);

/** Starts the servers; people may be where they like in them, and no bot is there yet. */
export async function startServers(): Promise<Servers> {
  await using stack = new AsyncDisposableStack();
  const discord = stack.use(await startDiscord({ voiceServers: 2 }));
  const fish = stack.use(await startFish(realisticBehaviour));
  const model = stack.use(await startModel({ ...realisticModel, answer: cannedAnswer }));
  const guild = discord.addGuild({ name: 'Sandbox' });
  // Its people let the bot do all that it can use, not only what its invitation asks for.
  guild.botPermissions = String(BigInt(guild.botPermissions) | ALL_OF_USE);
  const lounge = guild.addVoiceChannel({ name: 'Lounge' });
  const ana = discord.addUser('Ana');
  const ben = discord.addUser('Ben');
  const kenji = discord.addUser('Kenji', { locale: 'ja' });
  guild.addMember(ana, { permissions: String(PERMISSION.manageGuild) });
  guild.addMember(ben);
  guild.addMember(kenji);
  const owned = stack.move();
  return {
    discord,
    fish,
    model,
    guild,
    ana,
    ben,
    kenji,
    lounge,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The environment variables that tell a bot where the language model is, and how to ask it. */
export function modelVariables({ url, apiKey, model }: FakeModel): Record<string, string> {
  return { LLM_BASE_URL: url, LLM_API_KEY: apiKey, LLM_MODEL: model };
}

/**
 * Starts everything; the bot is on its way when this resolves: wait for `discord.ready()`. `more` are further
 * environment variables of the bot.
 */
export async function startWorld(more: Record<string, string> = {}): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const servers = stack.use(await startServers());
  const { discord, fish, model } = servers;
  const env = { ...modelVariables(model), ...more };
  const bot = stack.use(startBot({ discord, fish, env, preload: [END_WITH_PARENT] }));
  // The bot is a process of its own, and takes longer than this to start.
  await fish.warmUp();
  const owned = stack.move();
  return { ...servers, bot, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
