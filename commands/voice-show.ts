import type { Subcommand } from '../src/discord/command.ts';

export const voiceShow: Subcommand = {
  name: 'show',
  async run(use, context, t) {
    const { settings, people } = await context.store.server(use.guildId);
    const own = people.get(use.user.id);
    const manner = await context.mannerOf(use);
    const used = manner.voice === undefined ? t('voice.fish-default') : `\`${manner.voice}\``;
    return [
      t('voice.yours', { voice: own?.voice ? `\`${own.voice}\`` : t('setting.nothing') }),
      t('voice.servers', { voice: settings.voice ? `\`${settings.voice}\`` : t('setting.nothing') }),
      t('voice.used', { voice: used, speed: manner.speed, volume: manner.volume }),
    ].join('\n');
  },
};
