import type { Translate } from '../../locale/catalogue.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import type { Asker } from '../ask/asker.ts';
import type { Ignoring } from '../chat/ignoring.ts';
import type { OptOuts } from '../chat/opt-outs.ts';
import type { WhyAnswers } from '../chat/why-answers.ts';
import type { Help } from '../help/help.ts';
import type { CallerLines } from '../lines/caller-lines.ts';
import type { Panel } from '../panel/panel.ts';
import type { SpokenNames } from '../people/spoken-names.ts';
import type { CallRequests } from '../presence/call-requests.ts';
import type { Follows } from '../presence/follows.ts';
import type { PersonDeletion } from '../privacy/person-deletion.ts';
import type { DictionaryChanges } from '../settings/dictionary-changes.ts';
import type { SettingsFiles } from '../settings/settings-files.ts';
import type { WordList } from '../settings/word-list.ts';
import type { ArrivalMessages } from '../steering/arrival-messages.ts';
import type { Steering } from '../steering/steering.ts';
import type { SteeringButtons } from '../steering/steering-buttons.ts';
import type { VoiceChoice } from '../voices/choice.ts';
import type { Cloning } from '../voices/cloning.ts';
import type { OwnVoices } from '../voices/own-voices.ts';
import type { Previews } from '../voices/preview.ts';
import type { VoiceSearch } from '../voices/search.ts';
import type { Welcome } from '../welcome/welcome.ts';
import type { Answer } from './answer.ts';
import type { Callers } from './callers.ts';
import type { FollowUps } from './follow-ups.ts';
import type { AnyInteraction } from './interaction.ts';
import type { StatusReport } from './status-report.ts';

// Lists everything that commands may use, besides the interaction itself. `../make-services.ts` makes it once for the
// whole process; what a new command needs is added in both files.

export interface Services {
  readonly arrivalMessages: ArrivalMessages;
  readonly asker: Asker;
  readonly callers: Callers;
  readonly cloning: Cloning;
  readonly callRequests: CallRequests;
  /** Answers the buttons that steer the speech. */
  readonly steeringButtons: SteeringButtons;
  readonly dictionary: DictionaryChanges;
  readonly follows: Follows;
  readonly followUps: FollowUps;
  readonly help: Help;
  readonly ignoring: Ignoring;
  /**
   * Resolves with what the store keeps of the caller's guild. Throws a UserError while the database cannot be asked.
   */
  readonly known: (interaction: AnyInteraction) => Promise<GuildRecord>;
  readonly callerLines: CallerLines;
  readonly optOuts: OptOuts;
  readonly ownVoices: OwnVoices;
  readonly panel: Panel;
  readonly personDeletion: PersonDeletion;
  readonly previews: Previews;
  readonly search: VoiceSearch;
  readonly settingsFiles: SettingsFiles;
  readonly spokenNames: SpokenNames;
  readonly status: () => StatusReport;
  readonly steering: Steering;
  readonly store: Store;
  /**
   * Resolves with a report of what was spoken and what it cost in the last `days` days, today (UTC) included. People
   * who may manage the guild see it for the whole guild, all others only for themselves.
   */
  readonly usage: (interaction: AnyInteraction, days: number, t: Translate) => Promise<Answer>;
  readonly voices: VoiceChoice;
  readonly welcome: Welcome;
  readonly why: WhyAnswers;
  readonly wordList: WordList;
}
