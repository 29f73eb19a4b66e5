import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/voice show` tells the caller which voice they and the guild have chosen, and which one is used for them. */
export const voiceShow: Subcommand = {
  name: 'show',
  async run(interaction, services, t) {
    const { settings, people } = await services.known(interaction);
    const own = people.get(interaction.user.id);
    const manner = await services.lines.mannerOf(interaction);
    const nameOf = async (voice: string | null | undefined, otherwise: string) =>
      voice ? await services.voices.nameOf(voice) : otherwise;
    const [yours, servers, used] = await Promise.all([
      nameOf(own?.voice, t('setting.nothing')),
      nameOf(settings.voice, t('setting.nothing')),
      nameOf(manner.voice, t('voice.fish-default')),
    ]);
    return [
      t('voice.yours', { voice: yours }),
      t('voice.servers', { voice: servers }),
      t('voice.used', { voice: used, speed: manner.speed, volume: manner.volume }),
    ].join('\n');
  },
};
