import { edit, type Mutant, one } from './mutant.ts';

const OWN_VOICES = 'test/bot/own-voices.test.ts';
const ARRIVALS = 'test/bot/arrivals.test.ts';
const NOBODY = 'nobody is told of bots';

/** Checks about people's names, about following them, and about what others learn of them. */
export const PEOPLE: readonly Mutant[] = [
  one(
    'other people’s names are for moderators',
    edit(
      'src/discord/people/spoken-names.ts',
      "if (!mayName) throw new UserError('name.moderators-only');",
      '',
    ),
    OWN_VOICES,
  ),
  one(
    'no blocked word is in a name',
    edit(
      'src/discord/people/spoken-names.ts',
      "if (name !== null && holdsBlockedWord(name, blockedWords)) throw new UserError('name.blocked');",
      '',
    ),
    OWN_VOICES,
  ),
  one(
    'people are followed where the server allows it',
    edit(
      'src/discord/presence/follows.ts',
      "if (on && !settings.follow) throw new UserError('follow.off');",
      '',
    ),
    'test/bot/follow.test.ts',
  ),
  one(
    'who has opted out is told to nobody',
    edit('src/discord/people/arrivals.ts', '!optOuts.has(id) && !ignored', '!ignored'),
    ARRIVALS,
    NOBODY,
  ),
  one(
    'blocked words are not said of arrivals',
    edit('src/discord/people/arrivals.ts', ' && !holdsBlockedWord(name, settings.blockedWords)', ''),
    ARRIVALS,
    NOBODY,
  ),
  one(
    'a status names no hidden channel',
    edit('src/discord/presence/status-text.ts', ' && isOpenTo(voiceChannel, channel)', ''),
    'test/bot/channel-status.test.ts',
  ),
];
