import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { idGiven, memberOption } from '../src/discord/interaction/options.ts';

/** `/unignore` takes back an `/ignore`. For moderators. */
export const unignore: SlashCommand = {
  data: slash('unignore', [memberOption('member', { required: true })], { moderator: true }),
  moderator: true,
  async run(interaction, services, t) {
    const id = idGiven(interaction, 'member');
    const wasIgnored = await services.ignoring.set(interaction.guildId, id, false);
    return t(wasIgnored ? 'unignore.done' : 'unignore.nobody', { person: `<@${id}>` });
  },
};
