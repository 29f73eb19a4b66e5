import type { Edit, Mutant } from './mutant.ts';

const SETTINGS = 'test/bot/settings.test.ts';
const HIDDEN = 'test/bot/hidden-channels.test.ts';
const WHY = 'test/bot/why.test.ts';
const AWAY = 'test/bot/database-away.test.ts';
const CLONES = 'test/bot/clones.test.ts';
const HOSTILE = 'test/bot/clone-hostile.test.ts';
const PINGS = 'test/bot/pings.test.ts';
const BUDGET = 'test/speech/budget.test.ts';
const GATES = 'test/bot/safety-gates.test.ts';
const WHO_IS_READ = 'test/bot/who-is-read.test.ts';
const FILES = 'test/discord/settings/files.test.ts';

const edit = (file: string, text: string, instead: string): Edit => ({ file, text, instead });
/** One edit, noticed by all tests of a file, or by those with part of a name. */
const one = (name: string, change: Edit, test: string, named?: string): Mutant => ({
  name,
  edits: [change],
  test,
  ...(named !== undefined && { named }),
});

const callers = (text: string, instead: string) => edit('src/discord/interaction/callers.ts', text, instead);
const seeing = (text: string, instead: string) => edit('src/discord/seeing.ts', text, instead);
const gatekeeper = (text: string, instead: string) => edit('src/discord/chat/gatekeeper.ts', text, instead);
const why = (text: string, instead: string) => edit('src/discord/chat/why.ts', text, instead);
const gate = (text: string) => edit('src/discord/chat/gate.ts', text, '');
const words = (text: string, instead = '') =>
  edit('src/discord/settings/dictionary-changes.ts', text, instead);
const attachments = (text: string, instead: string) =>
  edit('src/discord/interaction/attachments.ts', text, instead);
const steering = (text: string, instead: string) => edit('src/discord/steering/steering.ts', text, instead);
const budget = (text: string, instead: string) => edit('src/speech/budget.ts', text, instead);

/** Commands, buttons and forms for those who manage the server. */
const MANAGERS = edit('src/discord/gateway/interactions.ts', 'if (admin) checkManager(interaction);', '');
const ADMINS = 'who may not manage the server';
const LOST = 'who has lost the right';

/** Who may administer. */
const ADMINISTRATION: readonly Mutant[] = [
  one('commands of administrators', MANAGERS, SETTINGS, ADMINS),
  one(
    'subcommands of administrators',
    edit('src/discord/interaction/command.ts', 'if (sub.admin) checkManager(interaction);', ''),
    SETTINGS,
    ADMINS,
  ),
  one('the panel is for administrators', MANAGERS, HIDDEN, LOST),
  one(
    'the button of the welcome is for administrators',
    edit('src/discord/welcome/welcome.ts', 'readonly admin = true;', 'readonly admin = false;'),
    'test/bot/welcome.test.ts',
    'its button',
  ),
  one(
    'only who was asked has everything of theirs deleted',
    edit(
      'src/discord/privacy/person-deletion.ts',
      "if (userId !== interaction.user.id) throw new UserError('privacy.not-yours');",
      '',
    ),
    'test/discord/privacy/person-deletion.test.ts',
  ),
  one(
    'a deletion that was asked long ago is not done',
    edit(
      'src/discord/privacy/person-deletion.ts',
      "action !== 'delete' || !(this.#now() < Number(until))",
      "action !== 'delete'",
    ),
    'test/discord/privacy/person-deletion.test.ts',
  ),
  one(
    'the check of administrators itself',
    callers(
      'if (!interaction.memberPermissions.has(PermissionFlagsBits.ManageGuild)) throw',
      'if (interaction.id === "") throw',
    ),
    SETTINGS,
    ADMINS,
  ),
  one(
    'what others spent is for administrators',
    edit(
      'src/discord/interaction/make-services.ts',
      'const all = memberPermissions.has(PermissionFlagsBits.ManageGuild);',
      'const all = true;',
    ),
    SETTINGS,
    'what was spoken and spent',
  ),
  one(
    'others’ voices are deleted by administrators',
    edit(
      'src/discord/voices/cloning.ts',
      'const all = interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false;',
      'const all = true;',
    ),
    CLONES,
  ),
  one(
    'who may change the dictionary',
    words('      checkMayChange(interaction, settings);\n      await', '      await'),
    SETTINGS,
    'who may change the dictionary',
  ),
  one(
    'who may replace the dictionary',
    words(
      "if (settings.dictionaryBy === 'everyone' && !isManager(interaction)) throw new UserError('admins-only');",
    ),
    SETTINGS,
    'who may change the dictionary',
  ),
  one(
    'the role that may change the dictionary',
    words('if (!interaction.member.roles.cache.has(dictionaryBy))', "if (dictionaryBy === '')"),
    SETTINGS,
    'who may change the dictionary',
  ),
  one(
    'who may use /ask',
    edit(
      'src/discord/ask/asker.ts',
      'if (askRole !== null && !member.roles.cache.has(askRole))',
      'if (askRole === "")',
    ),
    'test/bot/ask.test.ts',
  ),
  one(
    '/ask is off until it is switched on',
    edit('src/discord/ask/asker.ts', "if (!ask) throw new UserError('ask.off');", ''),
    'test/bot/ask.test.ts',
  ),
];

/** Who may silence whom, and who may steer. */
const STEERING: readonly Mutant[] = [
  one(
    '/leave leaves others’ lines to moderators',
    edit('commands/leave.ts', "throw new UserError('moderators-only');", '{}'),
    GATES,
    'lines to moderators',
  ),
  one(
    '/skip and /pause leave others’ lines to moderators',
    steering(
      "if (!(await this.#options.callers.maySilenceOthers(interaction))) throw new UserError('moderators-only');",
      '',
    ),
    GATES,
    'lines to moderators',
  ),
  one(
    '/stop leaves others’ lines to moderators',
    steering('callers.maySilenceOthers(interaction);', 'Promise.resolve(true);'),
    GATES,
    'lines to moderators',
  ),
  one(
    'moderators are those who may mute members',
    callers(
      'interaction.memberPermissions.has(PermissionFlagsBits.MuteMembers)',
      'interaction.memberPermissions.any(0n)',
    ),
    GATES,
    'lines to moderators',
  ),
  one(
    'others’ lines are for moderators where the setting is unknown',
    callers('(known && settings.skipOthers)', '(settings.skipOthers)'),
    AWAY,
    'what cannot be known',
  ),
  one(
    'those who do not listen may not steer',
    callers('channelOf(interaction)?.id !== current.channelId', 'interaction.id === ""'),
    'test/bot/steering.test.ts',
    'only those who listen',
  ),
  one(
    'what waits is shown to those who listen',
    edit('src/discord/interaction/queue-text.ts', 'if (!listens) return', 'if (line.name === "") return'),
    'test/bot/reading.test.ts',
    'who opts out is silent at once',
  ),
];

/** Who is read, and who is not. */
const OPT_OUTS: readonly Mutant[] = [
  one(
    'who has opted out is not read',
    gate("if (message.optedOut) return { reason: 'opted-out' };"),
    'test/bot/reading.test.ts',
    'each message that is not read',
  ),
  one(
    'whom moderators ignore is not read',
    gate("if (message.ignored) return { reason: 'ignored' };"),
    WHO_IS_READ,
    'a moderator has somebody not read',
  ),
  one(
    'only moderators say who is ignored',
    edit('src/discord/gateway/interactions.ts', 'if (moderator) checkModerator(interaction);', ''),
    WHO_IS_READ,
    'only moderators ignore',
  ),
  one(
    'a message with a blocked word is not read',
    gate("if (message.holdsBlockedWord()) return { reason: 'blocked-word' };"),
    WHO_IS_READ,
    'blocked words',
  ),
  one(
    'where people ask to be read, nobody else is',
    gate("if (whose === 'optin' && !optedIn) return { reason: 'not-opted-in' };"),
    WHO_IS_READ,
    'only those who asked',
  ),
  one(
    'who has opted out is not read aloud by a menu',
    edit(
      'src/discord/known-guild.ts',
      "if (optOuts.has(authorId)) throw new UserError('author-opted-out');",
      '',
    ),
    'test/bot/save-as-audio.test.ts',
    'respects who opted out',
  ),
  one(
    'who may have opted out is not read aloud by a menu',
    edit('src/discord/known-guild.ts', "if (!known) throw new UserError('author-unknown');", ''),
    AWAY,
    'what cannot be known',
  ),
  one(
    'who opted out is not kept as audio where the bot is not',
    edit(
      'src/discord/lines/visitor-lines.ts',
      '      checkAuthor(await this.#options.store.guild(interaction.guildId), author.id, interaction.user.id);',
      '      await this.#options.store.guild(interaction.guildId);',
    ),
    'test/bot/save-as-audio.test.ts',
    'who opted out where the bot was before',
  ),
  one(
    'nobody is read while opt-outs are unknown',
    gatekeeper('if (known) return null;', 'if (known || session) return null;'),
    AWAY,
    'what cannot be known',
  ),
  one(
    'an opt-out silences what waits',
    edit(
      'src/discord/chat/opt-outs.ts',
      "if (out) this.#session(interaction.guildId)?.dropWritten(interaction.user.id, 'opted-out');",
      '',
    ),
    'test/bot/reading.test.ts',
    'who opts out is silent at once',
  ),
  one(
    '@silent is not read',
    gate("if (message.silent) return { reason: 'silent' };"),
    'test/bot/reading.test.ts',
    'each message that is not read',
  ),
  one(
    'those without the role are not read',
    gate("if (role && !roleIds.has(role)) return { reason: 'role', detail: role };"),
    GATES,
    'those who have not the role',
  ),
  one(
    'those who are not in the voice channel are not read',
    gate("if (requireVoice && !inVoice) return { reason: 'not-in-voice' };"),
    'test/bot/reading.test.ts',
    'each message that is not read',
  ),
];

/** What is hidden from somebody. */
const HIDDEN_CHANNELS: readonly Mutant[] = [
  one(
    'what not all may see is not read to all',
    gate("if (message.channel === 'join' && message.hiddenFromSome()) return { reason: 'private-channel' };"),
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

/** What may be spent. */
const CAPS: readonly Mutant[] = [
  one('the cap of a person', budget('+ bytes > caps.personBytesPerMinute)', '+ bytes > Infinity)'), BUDGET),
  one(
    'the cap of a server',
    budget('if (ofGuild + bytes > caps.serverBytesPerDay * share)', 'if (ofGuild < 0)'),
    BUDGET,
  ),
  one(
    'the cap of the process',
    budget('if (Math.round(nanoUsd) > this.#dailyNanoUsd * share)', 'if (nanoUsd < 0)'),
    BUDGET,
  ),
  one(
    'what is about to be sent counts',
    budget('(this.#held.get(guildId) ?? 0);\n    if', '0;\n    if'),
    BUDGET,
  ),
  one(
    'a day of which nobody knows what was spent',
    budget('const isKnown = this.#ledger.todayIsKnown();', 'const isKnown = true;'),
    BUDGET,
  ),
  one('a second try is paid for', budget('this.#checkDay(guildId, total - left, caps);', ''), BUDGET),
  one(
    'the cap of a message',
    edit('src/discord/lines/line-maker.ts', 'maxBytes: settings.messageBytes,', 'maxBytes: 1e9,'),
    GATES,
    'cap of a message',
  ),
];

/** What is fetched, and read in. */
const FETCHING: readonly Mutant[] = [
  one(
    'attachments come from Discord’s hosts',
    attachments('|| !this.#origins.has(target.origin)', ''),
    HOSTILE,
    'an address that is not',
  ),
  one(
    'a blob: address is none',
    attachments('/^https?:$/.test(target.protocol)', 'true'),
    HOSTILE,
    'an address that is not',
  ),
  one(
    'no name and password in an address',
    attachments('&& !target.username && !target.password', ''),
    HOSTILE,
    'an address that is not',
  ),
  one('no redirects', attachments("redirect: 'error'", "redirect: 'follow'"), HOSTILE, 'a redirect'),
  one(
    'what an attachment says of its size',
    attachments('if (attachment.size > maxBytes) throw tooLarge();', ''),
    HOSTILE,
    'too much is not read',
  ),
  {
    name: 'the size of what comes',
    edits: [
      attachments('if (size > maxBytes) throw tooLarge();', ''),
      attachments('if (length > maxBytes) {', 'if (length < 0) {'),
    ],
    test: HOSTILE,
    named: 'too much is not read',
  },
  one('nothing is unfolded', attachments("|| folded !== 'identity'", ''), HOSTILE, 'what unfolds'),
  one(
    'within ten seconds',
    attachments('AbortSignal.timeout(FETCH_MS)', 'AbortSignal.timeout(100_000)'),
    HOSTILE,
    'within ten seconds',
  ),
  one(
    'the size of a file',
    edit('src/discord/settings/json-file.ts', 'if (bytes.length > MAX_FILE_BYTES)', 'if (bytes.length < 0)'),
    FILES,
  ),
  one(
    'how much is in a file',
    edit('src/discord/settings/json-file.ts', 'if (isTooMuch(bytes)) throw', 'if (bytes.length < 0) throw'),
    FILES,
  ),
  one('how deep a file is', edit('src/discord/settings/json-file.ts', '|| depth > MAX_DEPTH', ''), FILES),
  one(
    'the form that a file says it has',
    edit(
      'src/discord/settings/files.ts',
      '    const file = readJsonFile(bytes, SETTINGS_EXAMPLE);\n    checkFormat(file);\n    const {',
      '    const file = readJsonFile(bytes, SETTINGS_EXAMPLE);\n    const {',
    ),
    FILES,
  ),
];

const inChoice = edit(
  'src/discord/voices/choice.ts',
  '    this.#options.clones.checkUse(id, { guildId: chooser.guildId, userId: chooser.user.id });\n',
  '',
);
const inCloning = edit(
  'src/discord/voices/cloning.ts',
  '    this.#options.clones.checkUse(voice, { guildId, userId: user.id });\n',
  '',
);
const inManner = edit(
  'src/discord/lines/line-maker.ts',
  'mayUse: id => this.#clones.mayUse(id, { guildId: guild.id, userId }),',
  'mayUse: () => true,',
);

/** Voices of people's own. */
const VOICES: readonly Mutant[] = [
  one(
    'a voice is made where the server allows it',
    edit('src/discord/voices/cloning.ts', "if (!settings.clone) throw new UserError('clone.off');", ''),
    CLONES,
    'nothing is made unless',
  ),
  one(
    'a voice is made of whoever agrees',
    edit('src/discord/voices/cloning.ts', "if (!consent) throw new UserError('clone.statement');", ''),
    CLONES,
    'nothing is made unless',
  ),
  one(
    'so many voices of one person',
    edit('src/voices/clones.ts', '+ inHand.length >= MAX_OF_PERSON)', '< 0)'),
    CLONES,
    'a person has few',
  ),
  {
    name: 'a voice is its owner’s',
    edits: [inChoice, inCloning, inManner],
    test: CLONES,
    named: 'by its owner alone',
  },
  one('a voice that cannot be its owner’s alone is told', inChoice, CLONES, 'by its owner alone'),
  one('a voice that was set for others is not used', inManner, GATES, 'private voice'),
  one(
    'a voice of somebody’s own is not the server’s',
    edit('commands/voice-server.ts', 'services.cloning.checkForAll(voice);', ''),
    GATES,
    'private voice',
  ),
  one(
    'whose a voice is, in the store',
    edit(
      'src/store/voice-owners.ts',
      'owner?.guildId === who.guildId && owner.userId === who.userId',
      'owner?.guildId === who.guildId',
    ),
    'test/store/clones.test.ts',
  ),
  one(
    'whose a voice is, in which server',
    edit(
      'src/store/voice-owners.ts',
      'owner?.guildId === who.guildId && owner.userId === who.userId',
      'owner?.userId === who.userId',
    ),
    'test/store/clones.test.ts',
  ),
  one(
    'nobody may use a voice whose owner is unknown',
    edit('src/store/voice-owners.ts', 'if (!this.#owners) return false;', 'if (!this.#owners) return true;'),
    AWAY,
    'what cannot be known',
  ),
];

const byDefault = edit('src/discord/gateway/client.ts', '    allowedMentions: { parse: [] },\n', '');
/** Without the client's own default one of the places says nothing of mentions. */
const silently = (name: string, file: string, text: string, instead: string, named: string): Mutant => ({
  name: `nobody is pinged: ${name}`,
  edits: [byDefault, edit(file, text, instead)],
  test: PINGS,
  named,
});
const ANSWERS = 'the answers of every command';

/** What goes out. */
const ANSWERING: readonly Mutant[] = [
  silently('texts', 'src/discord/gateway/reply.ts', '    allowedMentions,\n', '', ANSWERS),
  silently(
    'panels',
    'src/discord/gateway/reply.ts',
    'flags: MessageFlags.IsComponentsV2 as const, allowedMentions }',
    'flags: MessageFlags.IsComponentsV2 as const }',
    ANSWERS,
  ),
  silently(
    'voice messages',
    'src/discord/gateway/voice-message.ts',
    '    allowedMentions: { parse: [] },\n',
    '',
    ANSWERS,
  ),
  silently(
    'notices to a caller',
    'src/discord/presence/notices.ts',
    'flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } }',
    'flags: MessageFlags.Ephemeral }',
    ANSWERS,
  ),
  silently(
    'notices in a channel',
    'src/discord/presence/notices.ts',
    'content: text,\n        allowedMentions: { parse: [] },',
    'content: text,',
    'a notice in a channel',
  ),
  silently(
    'answers that grow',
    'src/discord/ask/growing-message.ts',
    'editReply({ content, allowedMentions: { parse: [] } })',
    'editReply({ content })',
    'an answer that grows',
  ),
  one(
    'no control tokens reach Fish Audio',
    edit('src/text/control-tokens.ts', "run => (OPENS_OR_CLOSES.test(run) ? ' ' : run)", 'run => run'),
    'test/text/properties.test.ts',
  ),
  one(
    'secrets are taken out of the log by value',
    edit('src/log.ts', 'needles.reduce((text, needle) => text.replaceAll(needle, REDACTED), line)', 'line'),
    'test/log.test.ts',
  ),
  one(
    'secrets are taken out of the log by name',
    edit('src/log.ts', 'HIDDEN_FIELDS.includes(key) ? REDACTED : printable', 'printable'),
    'test/log.test.ts',
  ),
];

/** What keeps people, their words and their money safe. */
export const SAFETY: readonly Mutant[] = [
  ...ADMINISTRATION,
  ...STEERING,
  ...OPT_OUTS,
  ...HIDDEN_CHANNELS,
  ...CAPS,
  ...FETCHING,
  ...VOICES,
  ...ANSWERING,
];
