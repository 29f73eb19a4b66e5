import type { Servers } from '../world.ts';

/** Voices of the sandbox's library, so that people can be told apart by ear. */
const VOICES = { ben: 'Captain Redbeard', kenji: '静かな語り手' } as const;

/**
 * Does what people would do on their first evening: Ana switches `/ask` on, Ben and Kenji choose their voices, Ana
 * and Ben go to the voice channel, and the bot comes and reads.
 */
export async function prepare(world: Servers): Promise<void> {
  const { discord, guild, ana, ben, kenji } = world;
  const file = { name: 'settings.json', bytes: Buffer.from('{"ask":true}') };
  await discord.command(ana, guild, 'settings import', { file }).reply();
  await choose(world, ben, VOICES.ben);
  await choose(world, kenji, VOICES.kenji);
  await discord.join(ana, guild.voiceChannel);
  await discord.join(ben, guild.voiceChannel);
  await discord.command(ana, guild, 'join').reply();
}

async function choose({ discord, guild }: Servers, who: Servers['ben'], title: string): Promise<void> {
  const found = await discord.autocomplete(who, guild, 'voice set', 'voice', { voice: title });
  const voice = found[0]?.['value'];
  if (typeof voice === 'string') await discord.command(who, guild, 'voice set', { voice }).reply();
}
