import { edit, type Mutant, one } from './mutant.ts';

const AWAY = 'test/bot/database-away.test.ts';
const CLONES = 'test/bot/clones.test.ts';
const GATES = 'test/bot/safety-gates.test.ts';

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
export const OWN_VOICES: readonly Mutant[] = [
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
      'src/store/clones/voice-owners.ts',
      'owner?.guildId === who.guildId && owner.userId === who.userId',
      'owner?.guildId === who.guildId',
    ),
    'test/store/clones.test.ts',
  ),
  one(
    'whose a voice is, in which server',
    edit(
      'src/store/clones/voice-owners.ts',
      'owner?.guildId === who.guildId && owner.userId === who.userId',
      'owner?.userId === who.userId',
    ),
    'test/store/clones.test.ts',
  ),
  one(
    'nobody may use a voice whose owner is unknown',
    edit(
      'src/store/clones/voice-owners.ts',
      'if (!this.#owners) return false;',
      'if (!this.#owners) return true;',
    ),
    AWAY,
    'what cannot be known',
  ),
];
