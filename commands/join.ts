import { slash, type SlashCommand } from '../src/discord/interaction/command.ts';
import { voiceChannelGiven, voiceChannelOption } from '../src/discord/interaction/options.ts';

/**
 * `/join` brings the bot to a voice channel and has it read the chat there, and the chat where the command was used.
 */
export const join: SlashCommand = {
  data: slash('join', [voiceChannelOption('channel')]),
  public: true,
  async run(interaction, services, t) {
    const { session, known, read, hidden, unseen } = await services.callRequests.join(
      interaction,
      voiceChannelGiven(interaction, 'channel'),
    );
    if (!known) return t('join.no-database', { voice: `<#${session.channelId}>` });
    const mention = (ids: readonly string[]) => ids.map(id => `<#${id}>`).join(', ');
    const lines = [t('join.done', { voice: `<#${session.channelId}>`, channels: mention(read) })];
    lines.push(t('join.machine'));
    if (hidden.length > 0) lines.push(t('join.hidden', { channels: mention(hidden) }));
    if (unseen.length > 0) lines.push(t('join.unseen', { channels: mention(unseen) }));
    if (!services.status().contentVisible) lines.push(t('join.deaf'));
    return lines.join('\n');
  },
};
