import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { idGiven, memberOption } from '../src/discord/interaction/options.ts';
import { UserError } from '../src/errors.ts';

/** `/ignore` has a member's messages not read in this guild any more, and drops those that wait. For moderators. */
export const ignore: SlashCommand = {
  data: slash('ignore', [memberOption('member', { required: true })], { moderator: true }),
  moderator: true,
  async run(interaction, services, t) {
    const id = idGiven(interaction, 'member');
    if (id === interaction.client.user.id) throw new UserError('ignore.myself');
    await services.ignoring.set(interaction.guildId, id, true);
    return t('ignore.done', { person: `<@${id}>` });
  },
};
