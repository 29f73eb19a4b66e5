import type { RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import type { Asker } from '../ask/asker.ts';
import type { CallerLines } from '../lines/caller-lines.ts';
import type { Cloning } from '../voices/cloning.ts';
import type { Comings } from '../presence/comings.ts';
import type { DictionaryChanges } from '../settings/dictionary-changes.ts';
import type { OptOuts } from '../chat/opt-outs.ts';
import type { Panel } from '../panel/panel.ts';
import type { SettingsFiles } from '../settings/settings-files.ts';
import type { VoiceChoice } from '../voices/choice.ts';
import type { Previews } from '../voices/preview.ts';
import type { VoiceSearch } from '../voices/search.ts';
import type { WhyAnswers } from '../chat/why-answers.ts';
import type { Answer } from './answer.ts';
import type { Callers } from './callers.ts';
import type { FollowUps } from './follow-ups.ts';
import type { StatusReport } from './status-report.ts';
import type { AnyInteraction } from './interaction.ts';

/** All that commands may use. Made once, in `make-services.ts`. */
export interface Services {
  readonly asker: Asker;
  readonly callers: Callers;
  readonly cloning: Cloning;
  readonly comings: Comings;
  readonly dictionary: DictionaryChanges;
  readonly followUps: FollowUps;
  /** What is kept of the caller's server. Throws a UserError while the database cannot be asked. */
  readonly known: (interaction: AnyInteraction) => Promise<GuildRecord>;
  readonly lines: CallerLines;
  /** All commands and menus, as Discord has them. */
  readonly menu: readonly RESTPostAPIApplicationCommandsJSONBody[];
  readonly optOuts: OptOuts;
  readonly panel: Panel;
  readonly previews: Previews;
  readonly search: VoiceSearch;
  readonly settingsFiles: SettingsFiles;
  readonly status: () => StatusReport;
  readonly store: Store;
  /** What was spoken and spent: the server's for those who manage it, else the caller's own. */
  readonly usage: (interaction: AnyInteraction, days: number, t: Translate) => Promise<Answer>;
  readonly voices: VoiceChoice;
  readonly why: WhyAnswers;
}
