import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Stage } from './stage.ts';

/** The id of the voice with this title in the library of the sandbox's Fish Audio. Throws when there is none. */
export function idOfVoice({ fish }: Pick<Stage, 'fish'>, title: string): string {
  const voice = fish.library.voices.find(one => one.title === title);
  if (!voice) throw new Error(`no voice ${title}`);
  return voice._id;
}

/** Adds a public voice, of which nothing but the title is known, to that library, and returns its id. */
export function addVoice({ fish }: Pick<Stage, 'fish'>, title: string): string {
  const about = { description: '', tags: [], voices: [], texts: [] };
  return fish.library.add({ title, visibility: 'public', ...about })._id;
}

/** The voices that are offered to somebody who types this in the option `voice` of a command; an id is a `value`. */
export async function offeredVoices(
  { discord }: Pick<Stage, 'discord'>,
  {
    user,
    guild,
    typed,
    command = 'say',
  }: { user: FakeUser; guild: FakeGuild; typed: string; command?: string },
): Promise<{ name: string; value: string }[]> {
  const options = { ...(command === 'say' && { text: 'Hi' }), voice: typed };
  const found = await discord.autocomplete(user, guild, command, 'voice', options);
  return found.map(({ name, value }) => ({ name: String(name), value: String(value) }));
}
