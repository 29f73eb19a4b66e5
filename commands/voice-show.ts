import type { Subcommand } from '../src/discord/interaction/command.ts';

export const voiceShow: Subcommand = {
  name: 'show',
  async run(use, services, t) {
    const { settings, people } = await services.known(use);
    const own = people.get(use.user.id);
    const manner = await services.lines.mannerOf(use);
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
