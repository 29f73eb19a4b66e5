import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { voiceChannelGiven, voiceChannelOption } from '../src/discord/interaction/options.ts';

/**
 * `/join` brings the bot to a voice channel and has it read the chat there, and the chat where the command was used.
 * Buttons below the answer steer the speech.
 */
export const join: SlashCommand = {
  data: slash('join', [voiceChannelOption('channel')]),
  public: true,
  async run(interaction, services, t) {
    const channel = voiceChannelGiven(interaction, 'channel');
    const arrival = await services.callRequests.join(interaction, channel);
    return services.arrivalMessages.make(interaction.guild, arrival, t);
  },
};
