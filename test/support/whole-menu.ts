import { wav } from '../audio/recording/recordings.ts';
import { allComponents, COMPONENT } from '../sandbox/discord/component.ts';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { CALLBACK } from '../sandbox/discord/interaction-kind.ts';
import type { JsonObject } from '../sandbox/discord/json.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

/** Where, and by whom, all that the bot offers is used. */
export interface MenuScene {
  readonly stage: Stage;
  readonly guild: FakeGuild;
  /** Somebody who manages the guild, and is in its voice channel. */
  readonly user: FakeUser;
  /** Is typed wherever somebody can type something. */
  readonly words: string;
}

type Options = Record<string, unknown>;

const json = (value: object) => ({ name: 'a.json', bytes: Buffer.from(JSON.stringify(value)) });
const COMPONENTS_AT_MOST = 200;

/** All commands and subcommands with their options. They are in an order in which each of them has something to do. */
const COMMANDS: Record<string, (words: string, user: FakeUser) => Options> = {
  join: () => ({}),
  'settings import': words => ({ file: json({ clone: true, ask: true, dictionary: { brb: words } }) }),
  'settings export': () => ({}),
  say: words => ({ text: words }),
  pause: () => ({}),
  queue: () => ({}),
  resume: () => ({}),
  skip: () => ({}),
  'voice set': () => ({ voice: 'a-voice' }),
  'voice undo': () => ({}),
  'voice favourite': () => ({ voice: 'a-voice' }),
  name: words => ({ say: words.slice(0, 100) }),
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
  follow: () => ({ on: true }),
  ignore: (_words, member) => ({ member }),
  unignore: (_words, member) => ({ member }),
  stop: () => ({}),
  leave: () => ({}),
};

/** The names of all commands, subcommands and message menus that the bot has registered. */
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
 * Uses once all that the bot offers, as people do: each command, each message menu, and all buttons, menus and forms
 * that come with the answers. Resolves with all these uses, whether or not they were answered.
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
    await use.reply().catch(() => undefined); // the test looks at the answers of all uses later
  };
  for (const [name, optionsFor] of Object.entries(COMMANDS)) {
    if (!commands.includes(name)) continue;
    const options = optionsFor(words, user) as Parameters<typeof discord.command>[3];
    // An administrator has given them each command.
    const again = () => discord.command(user, guild, name, options, { force: true });
    const use = again();
    await settled(use);
    await useComponents(scene, use, settled);
    // One of the buttons has undone the import, which the other commands need.
    if (name === 'settings import') await settled(again());
    if (name === 'say')
      for (const menu of menus)
        await settled(discord.messageMenu(user, discord.message(user, guild.textChannel, words), menu));
  }
  return uses;
}

/** Uses all buttons, menus and forms of an answer, and those that appear because of that, each of them once. */
async function useComponents(
  scene: MenuScene,
  shown: FakeInteraction,
  settled: (use: FakeInteraction) => Promise<void>,
): Promise<void> {
  const { discord } = scene.stage;
  const used = new Set<string>();
  for (let count = 0; count < COMPONENTS_AT_MOST; count += 1) {
    // The last one is used first, because those at the top, such as a menu of pages, replace the others.
    const next = usable(shown).findLast(({ id, value }) => !used.has(`${id} ${value}`));
    if (!next) return;
    used.add(`${next.id} ${next.value}`);
    const use = useOf(scene, shown, next);
    const first = await use.firstResponse.catch(() => undefined);
    if (first?.type !== CALLBACK.modal) await settled(use);
    else await settled(discord.submit(scene.user, use, typedInto(first.body['data'], scene.words)));
  }
}

/** What is typed into all the fields of a form that take a text; everything else in it stays as it is. */
function typedInto(form: unknown, words: string): Record<string, string> {
  const { components } = form as { components: unknown };
  return Object.fromEntries(
    allComponents(components)
      .filter(({ type }) => type === COMPONENT.textInput)
      .map(({ custom_id: id, max_length: most }) => [
        String(id),
        words.slice(0, Number(most ?? words.length)),
      ]),
  );
}

interface Usable {
  readonly id: string;
  readonly type: unknown;
  readonly value: string;
}

/** All that can be pressed or chosen in an answer. Each value of a menu is an item of its own. */
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
