import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { booleanOption } from '../src/discord/interaction/options.ts';

/** `/follow` has the bot come when the caller enters a voice channel of this guild, or no longer. */
export const follow: SlashCommand = {
  data: slash('follow', [booleanOption('on', { required: true })]),
  async run(interaction, services, t) {
    const on = interaction.options.getBoolean('on', true);
    await services.follows.set(interaction, on);
    return t(on ? 'follow.on' : 'follow.ended');
  },
};
