import { edit, type Mutant, one } from './mutant.ts';

const HIDDEN = 'test/bot/hidden-channels.test.ts';
const WHY = 'test/bot/why.test.ts';

const callers = (text: string, instead: string) => edit('src/discord/interaction/callers.ts', text, instead);
const seeing = (text: string, instead: string) => edit('src/discord/seeing.ts', text, instead);
const why = (text: string, instead: string) => edit('src/discord/chat/why.ts', text, instead);
const gate = (text: string) => edit('src/discord/chat/gate.ts', text, '');

/** What is hidden from somebody. */
export const HIDDEN_CHANNELS: readonly Mutant[] = [
  one(
    'what not all may see is not read to all',
    gate("if (isPrivate(message)) return { reason: 'private-channel' };"),
    'test/bot/reading.test.ts',
    'a channel that somebody in the voice channel may not see',
  ),
  one(
    'a channel is seen by those who may view it',
    seeing('return channel.permissionsFor(member).has(ViewChannel);', 'return true;'),
    WHY,
  ),
  one(
    'a channel of another server is not seen',
    seeing('if (channel.guildId !== member.guild.id) return false;', ''),
    HIDDEN,
    'a channel of another server',
  ),
  one(
    'what was written before is for those who may read it',
    seeing('isOpen && channel.permissionsFor(viewer.member).has(ReadMessageHistory)', 'isOpen'),
    WHY,
  ),
  one(
    'a voice channel’s chat is for those who may enter',
    seeing(
      'channel.isVoiceBased() ? mayEnter(viewer, channel) : sees(viewer, channel)',
      'sees(viewer, channel)',
    ),
    WHY,
  ),
  one(
    'a voice channel is entered by those who may',
    seeing(
      'sees(viewer, channel) && channel.permissionsFor(viewer.member).has(Connect)',
      'sees(viewer, channel)',
    ),
    HIDDEN,
    'nobody sends the bot',
  ),
  one(
    'nobody sends the bot where they may not go',
    edit(
      'src/discord/presence/call-requests.ts',
      "if (target.id !== own?.id && !mayEnter(interaction, target)) throw new UserError('join.not-for-caller');",
      '',
    ),
    HIDDEN,
    'nobody sends the bot',
  ),
  one('/why tells those who can read it', why('isThere && readsHistory(viewer, channel)', 'isThere'), WHY),
  one(
    '/why knows nothing of a link to another channel',
    why('channelId === undefined || channelId === noted?.channelId;', 'true;'),
    WHY,
  ),
  one(
    '/why knows nothing of a link to another server',
    why('if (guildId !== undefined && guildId !== guild.id) return UNKNOWN;', ''),
    WHY,
    'of a message of another server',
  ),
  one(
    'administrators add channels that they can read',
    edit(
      'src/discord/panel/read-form.ts',
      "if (!chosen.every(id => before.get(id)?.addedBy === 'admin' || isReadable(id))) return null;",
      '',
    ),
    HIDDEN,
    'an administrator adds no channel',
  ),
  one(
    'files add channels that their owner can read',
    edit(
      'src/discord/settings/settings-files.ts',
      "if (unseen) throw new UserError('file.channel', { id: unseen });",
      '',
    ),
    HIDDEN,
    'an administrator adds no channel',
  ),
  one(
    'the panel names channels to those who see them',
    edit(
      'src/discord/panel/panel-words.ts',
      "seesId(interaction, id) ? `#${channel.name}` : t('channel.unseen')",
      '`#${channel.name}`',
    ),
    HIDDEN,
    'what others have added stays',
  ),
  one(
    'the panel takes roles of the server',
    edit(
      'src/discord/panel/panel.ts',
      'isRole: roleId => interaction.guild.roles.cache.has(roleId),',
      'isRole: () => true,',
    ),
    HIDDEN,
    'what is forged',
  ),
  one(
    '/join names channels to those who see them',
    edit('src/discord/presence/read-report.ts', 'id === voiceId || seesId(viewer, id)', 'true'),
    HIDDEN,
    'where the bot is',
  ),
  one(
    'where the bot is busy is told to those who see it',
    edit(
      'src/discord/presence/calls.ts',
      "if (viewer && !seesId(viewer, current.channelId)) throw new UserError('busy-unseen');",
      '',
    ),
    HIDDEN,
    'where the bot is',
  ),
  one(
    'where the bot listens is told to those who see it',
    callers("if (!seesId(interaction, current.channelId)) throw new UserError('listeners-unseen');", ''),
    HIDDEN,
    'where the bot is',
  ),
  one(
    '/status names the channel to those who see it',
    edit('commands/status.ts', 'services.callers.sees(interaction, session.channelId)', 'true'),
    HIDDEN,
    'where the bot is',
  ),
];
