import { edit, type Mutant, one } from './mutant.ts';

const AWAY = 'test/bot/database-away.test.ts';
const GATES = 'test/bot/safety-gates.test.ts';
const WHO_IS_READ = 'test/bot/who-is-read.test.ts';

const gatekeeper = (text: string, instead: string) => edit('src/discord/chat/gatekeeper.ts', text, instead);
const gate = (text: string) => edit('src/discord/chat/gate.ts', text, '');

/** Who is read, and who is not. */
export const OPT_OUTS: readonly Mutant[] = [
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
    'test/bot/blocked-words.test.ts',
    'blocked words keep a message',
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
      '    checkAuthor(record, message.author.id, user.id);',
      '    void checkAuthor;',
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
      "if (out) this.#session(guildId)?.conversation.drop('opted-out', writtenBy(user.id));",
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
