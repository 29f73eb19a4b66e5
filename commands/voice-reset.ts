import type { Subcommand } from '../src/discord/interaction/command.ts';

/** `/voice reset` forgets the voice, the speed and the rest that the caller chose in this guild. */
export const voiceReset: Subcommand = {
  name: 'reset',
  async run(interaction, services, t) {
    await services.store.savePerson(interaction.guildId, interaction.user.id, null);
    return t('voice.reset');
  },
};
