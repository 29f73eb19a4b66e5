import { DropNotices } from '../speech/drop-notices.ts';
import { Outages } from '../speech/outages.ts';
import { ReasonBook } from '../speech/reason-book.ts';
import { CatchUp } from './chat/catch-up.ts';
import { Gatekeeper } from './chat/gatekeeper.ts';
import { JoinReading } from './chat/join-reading.ts';
import { MessageLines } from './chat/message-lines.ts';
import { noReadNotes, ReadMarks } from './chat/read-marks.ts';
import { Reader } from './chat/reader.ts';
import { Why } from './chat/why.ts';
import type { DiscordOptions } from './discord-options.ts';
import type { GatewayClient } from './gateway/client.ts';
import { forVisits } from './gateway/visits.ts';
import { GuildTurns } from './guild-turns.ts';
import { CommandIds } from './interaction/command-ids.ts';
import type { StatusReport } from './interaction/status-report.ts';
import { clipMaker } from './lines/clips.ts';
import { LineMaker } from './lines/line-maker.ts';
import { Notices } from './notices.ts';
import { Arrivals } from './people/arrivals.ts';
import { Calls } from './presence/calls.ts';
import { ChannelStatuses } from './presence/channel-statuses.ts';
import { Dismissals } from './presence/dismissals.ts';
import { Follows } from './presence/follows.ts';
import { GatewaySessions } from './presence/gateway-sessions.ts';
import { Hearing } from './presence/hearing.ts';
import { OwnArrivals, type OwnArrivalsOptions } from './presence/own-arrivals.ts';
import { ArrivalMessages } from './steering/arrival-messages.ts';
import { ShownSteering } from './steering/shown-steering.ts';
import { VoiceChoice } from './voices/choice.ts';
import { GoneNotices } from './voices/gone-notices.ts';

// Makes the parts of Discord's side that live as long as the process, floor by floor, each of those that stand before
// it. Each class tells in its own options what it needs. `discord.ts` connects the parts with what Discord tells, and
// `make-services.ts` makes of them what commands use.

/** What all floors need: the options, and what belongs to no floor. */
type Base = ReturnType<typeof makeBase>;
type LineParts = ReturnType<typeof makeLineParts>;
type PresenceParts = ReturnType<typeof makePresenceParts>;
type ChatParts = ReturnType<typeof makeChatParts>;
/** All parts, together with the options that they were made of. */
export type Parts = Base & LineParts & PresenceParts & ChatParts;

/** Makes all parts. None of them does anything before Discord tells something, or somebody calls it. */
export function makeParts(options: DiscordOptions, gateway: GatewayClient): Parts {
  const base = makeBase(options, gateway);
  const withLines = { ...base, ...makeLineParts(base) };
  const withPresence = { ...withLines, ...makePresenceParts(withLines) };
  return { ...withPresence, ...makeChatParts(withPresence) };
}

function makeBase(options: DiscordOptions, gateway: GatewayClient) {
  const { commands, userInstall, speechMeans } = options;
  const contentVisible = () => gateway.seesContent;
  return {
    ...options,
    client: gateway.client,
    contentVisible,
    commands: userInstall ? commands.map(forVisits) : commands,
    commandIds: new CommandIds(),
    circuit: speechMeans.fish.circuit,
    cache: speechMeans.cache,
    notices: new Notices(options),
    /** In each guild, messages and commands become lines one after another: each waits for its turn here. */
    lineTurns: new GuildTurns(),
    /** In each guild, changes of settings are saved one after another: each waits for its turn here. */
    settingTurns: new GuildTurns(),
    status: (): StatusReport => ({
      version: options.version,
      gatewayPingMs: gateway.figures.pingMs,
      contentVisible: contentVisible(),
      modelTrouble: options.model?.trouble ?? null,
      fish: options.fishStatus(),
    }),
  };
}

/** What makes lines of words, and knows in which voices. */
function makeLineParts(base: Base) {
  const { client, manner, clones, store, speechMeans } = base;
  const voices = new VoiceChoice(base);
  return {
    clip: clipMaker(speechMeans),
    lineMaker: new LineMaker(client, manner, clones, store),
    voices,
    gone: new GoneNotices(voice => voices.shown(voice)),
  };
}

/** What brings the bot into voice channels, and shows people what it does there. */
function makePresenceParts(made: Base & LineParts) {
  const gatewaySessions = new GatewaySessions(made.client, made.log);
  const outages = new Outages(made.circuit);
  const dismissals = new Dismissals(made);
  const calls = new Calls({ ...made, gateway: gatewaySessions, dismissals, outages });
  const shownSteering = new ShownSteering({ ...made, calls });
  const arrivalMessages = new ArrivalMessages({ ...made, shown: shownSteering });
  const message: OwnArrivalsOptions['message'] = (...arrival) => arrivalMessages.make(...arrival);
  const ownArrivals = new OwnArrivals({ ...made, calls, dismissals, message });
  return {
    gatewaySessions,
    outages,
    dismissals,
    calls,
    shownSteering,
    arrivalMessages,
    ownArrivals,
    follows: new Follows({ ...made, calls, arrivals: ownArrivals }),
    statuses: new ChannelStatuses({ ...made, calls }),
    arrivals: new Arrivals({ ...made, calls }),
    hearing: new Hearing({
      session: guildId => calls.session(guildId),
      tell: (guild, words) => calls.tell(guild, words),
      log: made.log,
    }),
  };
}

/** What reads chat. */
function makeChatParts(made: Base & LineParts & PresenceParts) {
  const { store, sessions, ownArrivals } = made;
  const joins = new JoinReading();
  const reasons = new ReasonBook();
  const drops = new DropNotices({ circuit: made.circuit });
  const gatekeeper = new Gatekeeper({ ...made, joins });
  /** Null where no other process can get guilds of this one. */
  const readMarks = made.shards.sharing && new ReadMarks({ kept: store.readMarks, sessions });
  const marks = readMarks ?? noReadNotes;
  const reader = new Reader({
    ...made,
    gatekeeper,
    messageLines: new MessageLines({ ...made, reasons, drops, marks }),
    reasons,
    marks,
    comeTo: (channel, { channelId, member }) => ownArrivals.come(channel, { channelId, member }),
  });
  return {
    joins,
    reasons,
    drops,
    readMarks,
    marks,
    reader,
    why: new Why({ ...made, reasons, gatekeeper }),
    catchUp: readMarks && new CatchUp({ ...made, marks: readMarks, gatekeeper, reader }),
  };
}
