import type { Subcommand } from '../src/discord/interaction/command.ts';

export const voiceReset: Subcommand = {
  name: 'reset',
  async run(interaction, services, t) {
    await services.store.savePerson(interaction.guildId, interaction.user.id, null);
    return t('voice.reset');
  },
};
