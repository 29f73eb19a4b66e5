import type { Subcommand } from '../src/discord/interaction/command.ts';

export const voiceReset: Subcommand = {
  name: 'reset',
  async run(use, services, t) {
    await services.store.savePerson(use.guildId, use.user.id, null);
    return t('voice.reset');
  },
};
