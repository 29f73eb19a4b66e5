import { PermissionFlagsBits } from 'discord.js';
import { Asker } from './ask/asker.ts';
import { Ignoring } from './chat/ignoring.ts';
import { OptOuts } from './chat/opt-outs.ts';
import { WhyAnswers } from './chat/why-answers.ts';
import { Help } from './help/help.ts';
import { Attachments } from './interaction/attachments.ts';
import { Callers } from './interaction/callers.ts';
import { FollowUps } from './interaction/follow-ups.ts';
import type { Services } from './interaction/services.ts';
import { knownGuild } from './known-guild.ts';
import { CallerLines } from './lines/caller-lines.ts';
import { Panel } from './panel/panel.ts';
import type { Parts } from './parts.ts';
import { SpokenNames } from './people/spoken-names.ts';
import { CallRequests } from './presence/call-requests.ts';
import { PersonDeletion } from './privacy/person-deletion.ts';
import { DictionaryChanges } from './settings/dictionary-changes.ts';
import { SettingsFiles } from './settings/settings-files.ts';
import { WordList } from './settings/word-list.ts';
import { Steering } from './steering/steering.ts';
import { SteeringButtons } from './steering/steering-buttons.ts';
import { usageOf } from './usage/usage.ts';
import { Cloning } from './voices/cloning.ts';
import { OwnVoices } from './voices/own-voices.ts';
import { Previews } from './voices/preview.ts';
import { VoiceSearch } from './voices/search.ts';
import { Welcome } from './welcome/welcome.ts';

// Makes everything that commands may use, once for the whole process, of the parts that `parts.ts` has made. The list
// of it is in `interaction/services.ts`; a new feature for commands is added there and is made here.

export function makeServices(parts: Parts): Services {
  const { store, calls, lineMaker, library, voices, lineTurns, settingTurns, shownSteering } = parts;
  const { clones, cache, usdPerMillionBytes, log } = parts;
  const attachments = new Attachments(parts.cdnUrl);
  const followUps = new FollowUps(parts.notices);
  const tell: FollowUps['tell'] = (interaction, what) => followUps.tell(interaction, what);
  const changes = { attachments, store, turns: settingTurns, library, tell, usdPerMillionBytes };
  const callRequests = new CallRequests(parts);
  const cloning = new Cloning({ ...changes, clones, cache });
  const callerLines = new CallerLines({ ...parts, cloning, followUps });
  const previews = new Previews({ library, voices, callRequests, callerLines });
  const ownVoices = new OwnVoices({ store, turns: settingTurns, library, voices, callerLines });
  const panel = new Panel({ ...changes, voices, cloning });
  const callers = new Callers(calls, store);
  const steering = new Steering({ callers, callRequests, shown: shownSteering });
  return {
    arrivalMessages: parts.arrivalMessages,
    asker: new Asker({ model: parts.model, store, calls, lineMaker, lineTurns, tell, log }),
    callers,
    cloning,
    callRequests,
    steeringButtons: new SteeringButtons({ callers, status: parts.status, steering, shown: shownSteering }),
    dictionary: new DictionaryChanges(changes),
    follows: parts.follows,
    followUps,
    help: new Help({ commands: parts.commands, ids: parts.commandIds, store }),
    ignoring: new Ignoring({ session: guildId => calls.session(guildId), store }),
    known: interaction => knownGuild(store, interaction.guildId),
    callerLines,
    optOuts: new OptOuts(guildId => calls.session(guildId), store, cache),
    ownVoices,
    panel,
    personDeletion: new PersonDeletion({ cloning }),
    previews,
    search: new VoiceSearch({ library, voices, ownVoices, previews }),
    settingsFiles: new SettingsFiles({ ...changes, cloning }),
    spokenNames: new SpokenNames({ store, callerLines, callRequests }),
    status: parts.status,
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
    welcome: new Welcome({ ...parts, ids: parts.commandIds, panel }),
    why: new WhyAnswers(parts.why, guildId => calls.session(guildId)?.hindrance),
    wordList: new WordList({ store }),
  };
}
