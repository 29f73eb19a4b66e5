import type { Subcommand } from '../src/discord/interaction/command.ts';

/**
 * `/voice undo` goes back to how the caller's words were said before their last change; a second one takes that back.
 */
export const voiceUndo: Subcommand = {
  name: 'undo',
  async run(interaction, services, t) {
    await services.ownVoices.undo(interaction);
    return `${t('voice.undone')}\n${await services.ownVoices.sheet(interaction, t)}`;
  },
};
