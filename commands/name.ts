import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { memberGiven, memberOption, textOption } from '../src/discord/interaction/options.ts';
import { plain } from '../src/discord/interaction/texts.ts';

/** `/name` sets how the caller's name is spoken, or with Mute Members somebody else's. Left empty, it resets that. */
export const name: SlashCommand = {
  data: slash('name', [textOption('say', { maxLength: 100 }), memberOption('member')]),
  async run(interaction, services, t) {
    const member = memberGiven(interaction, 'member') ?? interaction.member;
    const wish = interaction.options.getString('say') ?? '';
    const spoken = await services.spokenNames.set(interaction, member, wish);
    const whose = member.id === interaction.user.id ? 'own' : 'other';
    const what = wish.trim() === '' ? 'reset' : 'set';
    const answer = t(`name.${what}-${whose}`, { name: plain(spoken), person: `<@${member.id}>` });
    const session = await services.spokenNames.hear(interaction, spoken);
    return session ? `${answer}\n${t('name.heard', { channel: `<#${session.channelId}>` })}` : answer;
  },
};
