import type { Edit, Mutant } from './mutant.ts';

const OWN_VOICES = 'test/bot/own-voices.test.ts';
const ARRIVALS = 'test/bot/arrivals.test.ts';
const NOBODY = 'nobody is told of bots';

const mutant = (name: string, [file, text, instead]: readonly [string, string, string], test: string) => ({
  name,
  edits: [{ file, text, instead } satisfies Edit],
  test,
});

/** Checks about people's names, about following them, and about what others learn of them. */
export const PEOPLE: readonly Mutant[] = [
  mutant(
    'other people’s names are for moderators',
    ['src/discord/people/spoken-names.ts', "if (!mayName) throw new UserError('name.moderators-only');", ''],
    OWN_VOICES,
  ),
  mutant(
    'no blocked word is in a name',
    [
      'src/discord/people/spoken-names.ts',
      "if (name !== null && holdsBlockedWord(name, blockedWords)) throw new UserError('name.blocked');",
      '',
    ],
    OWN_VOICES,
  ),
  mutant(
    'people are followed where the server allows it',
    ['src/discord/presence/follows.ts', "if (on && !settings.follow) throw new UserError('follow.off');", ''],
    'test/bot/follow.test.ts',
  ),
  {
    ...mutant(
      'who has opted out is told to nobody',
      ['src/discord/people/arrivals.ts', '!optOuts.has(id) && !ignored', '!ignored'],
      ARRIVALS,
    ),
    named: NOBODY,
  },
  {
    ...mutant(
      'blocked words are not said of arrivals',
      ['src/discord/people/arrivals.ts', ' && !holdsBlockedWord(name, settings.blockedWords)', ''],
      ARRIVALS,
    ),
    named: NOBODY,
  },
  mutant(
    'a status names no hidden channel',
    ['src/discord/presence/status-text.ts', ' && isOpenTo(voiceChannel, channel)', ''],
    'test/bot/channel-status.test.ts',
  ),
];
