import { wav } from '../audio/recording/recordings.ts';
import { COMPONENT } from '../sandbox/discord/component.ts';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { CALLBACK } from '../sandbox/discord/interaction-kind.ts';
import type { JsonObject } from '../sandbox/discord/json.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** Where everything is used: by somebody who manages the server and is in its voice channel. */
export interface MenuScene {
  readonly stage: Stage;
  readonly guild: FakeGuild;
  readonly user: FakeUser;
  /** Stands wherever somebody can type something. */
  readonly words: string;
}

type Options = Record<string, unknown>;

const json = (value: object) => ({ name: 'a.json', bytes: Buffer.from(JSON.stringify(value)) });
const COMPONENTS_AT_MOST = 200;

/** Every command and subcommand with what is filled in, in an order in which each does something. */
const COMMANDS: Record<string, (words: string) => Options> = {
  join: () => ({}),
  'settings import': words => ({ file: json({ clone: true, ask: true, dictionary: { brb: words } }) }),
  'settings export': () => ({}),
  say: words => ({ text: words }),
  pause: () => ({}),
  queue: () => ({}),
  resume: () => ({}),
  skip: () => ({}),
  'voice set': () => ({ voice: 'a-voice' }),
  'voice server': () => ({ voice: 'a-voice' }),
  'voice show': () => ({}),
  'voice preview': words => ({ voice: 'a-voice', text: words }),
  'voice search': () => ({ query: 'english' }),
  'voice clone': words => ({
    name: words.slice(0, 32),
    audio: { name: 'me.wav', contentType: 'audio/wav', bytes: wav(12) },
    consent: true,
    transcript: words,
  }),
  'voice forget': words => ({ voice: words.slice(0, 32) }),
  'voice reset': () => ({}),
  voicemessage: words => ({ text: words }),
  ask: words => ({ prompt: words }),
  'dictionary add': words => ({ word: 'lol', say: words }),
  'dictionary list': () => ({}),
  'dictionary try': words => ({ text: words }),
  'dictionary export': () => ({}),
  'dictionary remove': words => ({ word: words.slice(0, 64) }),
  'dictionary import': words => ({ file: json({ lol: words }) }),
  why: () => ({}),
  optout: () => ({}),
  optin: () => ({}),
  usage: () => ({}),
  status: () => ({}),
  help: () => ({}),
  'privacy export': () => ({}),
  'privacy delete': () => ({}),
  'settings panel': () => ({}),
  stop: () => ({}),
  leave: () => ({}),
};

/** The names of all commands and subcommands that the bot has registered, and of its menus on messages. */
function registeredNames(registered: readonly object[]): { commands: string[]; menus: string[] } {
  const commands: string[] = [];
  const menus: string[] = [];
  for (const { name, type = 1, options = [] } of registered as {
    name: string;
    type?: number;
    options?: { name: string; type: number }[];
  }[]) {
    const subcommands = options.filter(option => option.type === 1);
    if (type !== 1) menus.push(name);
    else if (subcommands.length === 0) commands.push(name);
    else commands.push(...subcommands.map(sub => `${name} ${sub.name}`));
  }
  return { commands, menus };
}

/**
 * Uses everything that the bot offers, once, as people do: each command, each menu on a message, and whatever buttons,
 * menus and forms come with their answers. Resolves with all of these uses, answered or not.
 */
export async function useWholeMenu(scene: MenuScene): Promise<readonly FakeInteraction[]> {
  const { stage, guild, user, words } = scene;
  const { discord } = stage;
  await until('commands', () => discord.registered.length > 0);
  const { commands, menus } = registeredNames(discord.registered);
  const unknown = commands.filter(name => !(name in COMMANDS));
  if (unknown.length > 0)
    throw new Error(`test/support/whole-menu.ts has to be told how to use ${unknown.join(', ')}`);
  const uses: FakeInteraction[] = [];
  const settled = async (use: FakeInteraction) => {
    uses.push(use);
    await use.reply().catch(() => undefined); // those who look at the uses see what was answered
  };
  for (const [name, optionsFor] of Object.entries(COMMANDS)) {
    if (!commands.includes(name)) continue;
    const use = discord.command(
      user,
      guild,
      name,
      optionsFor(words) as Parameters<typeof discord.command>[3],
    );
    await settled(use);
    await useComponents(scene, use, settled);
    if (name === 'say')
      for (const menu of menus)
        await settled(discord.messageMenu(user, discord.message(user, guild.textChannel, words), menu));
  }
  return uses;
}

/** Uses all buttons, menus and forms that an answer has, and those of what they bring, each of them once. */
async function useComponents(
  scene: MenuScene,
  shown: FakeInteraction,
  settled: (use: FakeInteraction) => Promise<void>,
): Promise<void> {
  const { discord } = scene.stage;
  const used = new Set<string>();
  for (let count = 0; count < COMPONENTS_AT_MOST; count += 1) {
    // From below: what stands above, such as a menu of pages, brings other things to use.
    const next = usable(shown).findLast(({ id, value }) => !used.has(`${id} ${value}`));
    if (!next) return;
    used.add(`${next.id} ${next.value}`);
    const use = useOf(scene, shown, next);
    const first = await use.firstResponse.catch(() => undefined);
    if (first?.type !== CALLBACK.modal) await settled(use);
    else await settled(discord.submit(scene.user, use, { value: scene.words }));
  }
}

interface Usable {
  readonly id: string;
  readonly type: unknown;
  readonly value: string;
}

/** What can be pressed or chosen in an answer, each value of a menu by itself. */
function usable({ components }: FakeInteraction): readonly Usable[] {
  return components.flatMap((component): readonly Usable[] => {
    const { type, custom_id: id, disabled } = component;
    if (typeof id !== 'string' || disabled === true) return [];
    if (type === COMPONENT.stringSelect) {
      const options = component['options'] as readonly JsonObject[];
      return options.map(({ value }) => ({ id, type, value: String(value) }));
    }
    return [{ id, type, value: '' }];
  });
}

function useOf({ stage, guild, user }: MenuScene, shown: FakeInteraction, { id, type, value }: Usable) {
  const { discord } = stage;
  if (type === COMPONENT.stringSelect) return discord.choose(user, shown, id, [value]);
  if (type === COMPONENT.channelSelect) return discord.choose(user, shown, id, [guild.textChannel]);
  if (type === COMPONENT.roleSelect) return discord.choose(user, shown, id, []);
  return discord.press(user, shown, id);
}
