import { PermissionFlagsBits } from 'discord.js';
import type { LanguageModel } from '../../llm/model.ts';
import type { Logger } from '../../log.ts';
import type { SpeechCache } from '../../speech/cache.ts';
import type { ReasonBook } from '../../speech/reason-book.ts';
import type { Store } from '../../store/store.ts';
import type { Clones } from '../../voices/clones.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import { Asker } from '../ask/asker.ts';
import { Ignoring } from '../chat/ignoring.ts';
import type { JoinReading } from '../chat/join-reading.ts';
import { OptOuts } from '../chat/opt-outs.ts';
import type { Reader } from '../chat/reader.ts';
import type { Why } from '../chat/why.ts';
import { WhyAnswers } from '../chat/why-answers.ts';
import type { GuildTurns } from '../guild-turns.ts';
import { Help } from '../help/help.ts';
import { knownGuild } from '../known-guild.ts';
import { CallerLines } from '../lines/caller-lines.ts';
import type { MakeClip } from '../lines/clips.ts';
import type { LineMaker } from '../lines/line-maker.ts';
import type { Notices } from '../notices.ts';
import { Panel } from '../panel/panel.ts';
import { SpokenNames } from '../people/spoken-names.ts';
import { CallRequests } from '../presence/call-requests.ts';
import type { Calls } from '../presence/calls.ts';
import type { ChannelStatuses } from '../presence/channel-statuses.ts';
import type { Dismissals } from '../presence/dismissals.ts';
import type { Follows } from '../presence/follows.ts';
import { PersonDeletion } from '../privacy/person-deletion.ts';
import { DictionaryChanges } from '../settings/dictionary-changes.ts';
import { SettingsFiles } from '../settings/settings-files.ts';
import { WordList } from '../settings/word-list.ts';
import type { ArrivalMessages } from '../steering/arrival-messages.ts';
import type { ShownSteering } from '../steering/shown-steering.ts';
import { Steering } from '../steering/steering.ts';
import { SteeringButtons } from '../steering/steering-buttons.ts';
import { usageOf } from '../usage/usage.ts';
import type { VoiceChoice } from '../voices/choice.ts';
import { Cloning } from '../voices/cloning.ts';
import type { GoneNotices } from '../voices/gone-notices.ts';
import { OwnVoices } from '../voices/own-voices.ts';
import { Previews } from '../voices/preview.ts';
import { VoiceSearch } from '../voices/search.ts';
import { Welcome } from '../welcome/welcome.ts';
import { Attachments } from './attachments.ts';
import { Callers } from './callers.ts';
import type { Command } from './command.ts';
import type { CommandIds } from './command-ids.ts';
import { FollowUps } from './follow-ups.ts';
import type { Services } from './services.ts';
import type { StatusReport } from './status-report.ts';

// Makes everything that commands may use, once for the whole process. The list of it is in `services.ts`; a new feature
// for commands is added there and is made here.

export interface ServicesOptions {
  readonly commands: readonly Command[];
  readonly commandIds: CommandIds;
  readonly store: Store;
  readonly calls: Calls;
  readonly clip: MakeClip;
  readonly dismissals: Dismissals;
  readonly lineMaker: LineMaker;
  readonly reader: Reader;
  readonly reasons: ReasonBook;
  readonly why: Why;
  /** In each guild, messages and commands become lines one after another: each waits for its turn here. */
  readonly lineTurns: GuildTurns;
  /** In each guild, changes of settings are saved one after another: each waits for its turn here. */
  readonly settingTurns: GuildTurns;
  readonly joins: JoinReading;
  readonly follows: Follows;
  readonly statuses: ChannelStatuses;
  readonly status: () => StatusReport;
  /** The origin from which attachments are fetched in place of Discord's own hosts; null for those hosts. */
  readonly cdnUrl: string | null;
  readonly clones: Clones;
  readonly library: VoiceLibrary;
  readonly voices: VoiceChoice;
  readonly gone: GoneNotices;
  /** The language model that answers `/ask`; null when the operator has configured none. */
  readonly model: LanguageModel | null;
  readonly notices: Notices;
  readonly shownSteering: ShownSteering;
  readonly arrivalMessages: ArrivalMessages;
  /** The price of speech, in US dollars for a million bytes. */
  readonly usdPerMillionBytes: number;
  /** What was said before, to be said again from memory. */
  readonly cache: SpeechCache;
  readonly log: Logger;
}

export function makeServices(options: ServicesOptions): Services {
  const { store, calls, lineMaker, library, voices, lineTurns, settingTurns, shownSteering } = options;
  const attachments = new Attachments(options.cdnUrl);
  const followUps = new FollowUps(options.notices);
  const tell: FollowUps['tell'] = (interaction, what) => followUps.tell(interaction, what);
  const { usdPerMillionBytes } = options;
  const changes = { attachments, store, turns: settingTurns, library, tell, usdPerMillionBytes };
  const callRequests = new CallRequests(options);
  const cloning = new Cloning({ ...changes, clones: options.clones, cache: options.cache });
  const callerLines = new CallerLines({ ...options, cloning, followUps });
  const previews = new Previews({ library, voices, callRequests, callerLines });
  const ownVoices = new OwnVoices({ store, turns: settingTurns, library, voices, callerLines });
  const panel = new Panel({ ...changes, voices, cloning });
  const callers = new Callers(calls, store);
  const steering = new Steering({ callers, callRequests, shown: shownSteering });
  return {
    arrivalMessages: options.arrivalMessages,
    asker: new Asker({ model: options.model, store, calls, lineMaker, lineTurns, tell, log: options.log }),
    callers,
    cloning,
    callRequests,
    steeringButtons: new SteeringButtons({ callers, status: options.status, steering, shown: shownSteering }),
    dictionary: new DictionaryChanges(changes),
    follows: options.follows,
    followUps,
    help: new Help({ commands: options.commands, ids: options.commandIds, store }),
    ignoring: new Ignoring({ session: guildId => calls.session(guildId), store }),
    known: interaction => knownGuild(store, interaction.guildId),
    callerLines,
    optOuts: new OptOuts(guildId => calls.session(guildId), store, options.cache),
    ownVoices,
    panel,
    personDeletion: new PersonDeletion({ cloning }),
    previews,
    search: new VoiceSearch({ library, voices, ownVoices, previews }),
    settingsFiles: new SettingsFiles(changes),
    spokenNames: new SpokenNames({ store, callerLines, callRequests }),
    status: options.status,
    steering,
    store,
    async usage({ guild, guildId, user, memberPermissions }, days, t) {
      const all = memberPermissions.has(PermissionFlagsBits.ManageGuild);
      const { settings } = await store.guild(guildId);
      const nameOf = (userId: string) => guild.members.cache.get(userId)?.displayName;
      const question = { guildId, userId: user.id, all, days, dayCap: settings.serverBytesPerDay, nameOf };
      return await usageOf(store.ledger, question, t);
    },
    voices,
    welcome: new Welcome({ ...options, ids: options.commandIds, panel }),
    why: new WhyAnswers(options.why, guildId => calls.session(guildId)?.hindrance),
    wordList: new WordList({ store }),
  };
}
