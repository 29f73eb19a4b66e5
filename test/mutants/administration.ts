import { edit, type Mutant, one } from './mutant.ts';

const SETTINGS = 'test/bot/settings.test.ts';
const HIDDEN = 'test/bot/hidden-channels.test.ts';
const CLONES = 'test/bot/clones.test.ts';

const callers = (text: string, instead: string) => edit('src/discord/interaction/callers.ts', text, instead);
const words = (text: string, instead = '') =>
  edit('src/discord/settings/dictionary-changes.ts', text, instead);

/** Commands, buttons and forms for those who manage the server. */
const MANAGERS = edit('src/discord/gateway/interactions.ts', 'if (admin) checkManager(interaction);', '');
const ADMINS = 'who may not manage the server';
const LOST = 'who has lost the right';

/** Who may administer. */
export const ADMINISTRATION: readonly Mutant[] = [
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
      'src/discord/make-services.ts',
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
    words('      checkMayChange(interaction, settings);\n      const', '      const'),
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
    words('interaction.member.roles.cache.has(dictionaryBy)', "dictionaryBy !== 'managers'"),
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
