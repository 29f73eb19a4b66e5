import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Stage } from './stage.ts';

/** What `/privacy export` gives to somebody. */
export async function exportedData(
  { discord }: Stage,
  user: FakeUser,
  guild: FakeGuild,
): Promise<{ readonly servers: readonly object[] }> {
  const use = discord.command(user, guild, 'privacy export');
  await use.reply();
  return JSON.parse(Buffer.from(use.files[0]?.bytes ?? []).toString()) as { servers: object[] };
}

/** Has everything of somebody deleted: `/privacy delete`, and the button that confirms it, whose answer it returns. */
export async function deleteData({ discord }: Stage, user: FakeUser, guild: FakeGuild): Promise<string> {
  const use = discord.command(user, guild, 'privacy delete');
  await use.reply();
  const button = use.components.find(({ label }) => label === 'Delete everything');
  return discord.press(user, use, String(button?.['custom_id'])).reply();
}
