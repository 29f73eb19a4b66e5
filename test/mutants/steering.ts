import { edit, type Mutant, one } from './mutant.ts';

const AWAY = 'test/bot/database-away.test.ts';
const GATES = 'test/bot/safety-gates.test.ts';

const callers = (text: string, instead: string) => edit('src/discord/interaction/callers.ts', text, instead);
const steering = (text: string, instead: string) => edit('src/discord/steering/steering.ts', text, instead);

/** Who may silence whom, and who may steer. */
export const STEERING: readonly Mutant[] = [
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
