import { CHANNEL_TYPE, type FakeChannel, isVoice } from './channel.ts';
import type { DiscordFaults } from './faults.ts';
import type { VoiceRequest } from './gateway-connection.ts';
import type { GatewaySession } from './gateway-session.ts';
import type { FakeGuild } from './guild.ts';
import { memberPayload, type VoiceState, voiceStatePayload } from './member.ts';
import { PERMISSION } from './permissions.ts';
import type { VoiceCalls } from './voice-calls.ts';

/** A server that a call has left closes its sockets after this. */
const OLD_SERVER_CLOSES_MS = 1_000;
/** How long a call is without a server before it gets the next. */
const WITHOUT_SERVER_MS = 200;

/** How a call goes on at another voice server. */
export interface ServerMove {
  /** The number of that voice server; the next one if it is absent. */
  readonly to?: number;
  /** It goes on there only after a while without any voice server, of so many milliseconds (`withoutMs`). */
  readonly viaNull?: boolean;
  readonly withoutMs?: number;
}

interface VoiceStatesOptions {
  readonly botId: string;
  readonly faults: DiscordFaults;
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  readonly calls: VoiceCalls;
  readonly dispatch: (guildId: string, event: string, data: object) => void;
}

/** Who is in which voice channel; answers the bot's requests to join and leave (op 4). */
export class VoiceStates {
  readonly #options: VoiceStatesOptions;
  readonly #requests = new Map<string, number>();
  /** The timers of what Discord does late. */
  readonly #late = new Set<NodeJS.Timeout>();
  readonly #pending = new Map<string, { timer: NodeJS.Timeout; run: () => void }>();

  constructor(options: VoiceStatesOptions) {
    this.#options = options;
  }

  [Symbol.dispose](): void {
    for (const timer of this.#late) clearTimeout(timer);
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
  }

  /** How many requests the bot sent for the server. */
  requestCount(guildId: string): number {
    return this.#requests.get(guildId) ?? 0;
  }

  /**
   * Op 4. Like Discord, says nothing at all where the bot may not go: an unknown server or channel, a full
   * channel, a missing permission; nor when nothing changes. (Discord, "Gateway Events", Update Voice State.)
   */
  request(session: GatewaySession, request: VoiceRequest): void {
    const { guildId } = request;
    const guild = this.#options.guilds.get(guildId);
    if (!guild?.available || !guild.members.has(this.#options.botId)) return;
    this.#requests.set(guild.id, this.requestCount(guild.id) + 1);
    const { faults } = this.#options;
    const { beforeOp4, ignoreOp4 } = faults;
    delete faults.beforeOp4;
    beforeOp4?.(guild.id);
    if (!ignoreOp4) this.#afterwards(faults.op4LateMs, () => this.#act(session, guild, request));
  }

  #act(session: GatewaySession, guild: FakeGuild, { channelId, ...flags }: VoiceRequest): void {
    const { botId, calls, faults } = this.#options;
    if (channelId === null) {
      this.clear(guild, botId);
      return;
    }
    const channel = guild.channels.get(channelId);
    if (!channel || !isVoice(channel) || !mayEnter(guild, channel, botId)) return;
    const before = guild.voiceStates.get(botId);
    const here = before?.channelId === channel.id && before.sessionId === session.id;
    if (here && (faults.ignoreJoinWhereHere || calls.connected(channel.id, botId))) {
      const same = before.selfMute === flags.selfMute && before.selfDeaf === flags.selfDeaf;
      if (!same) this.put(guild, { ...before, ...flags });
      return;
    }
    this.#seatBot(guild, channel, session.id, flags);
  }

  /** An admin drags the bot elsewhere (it must be in voice), or disconnects it (null). */
  moveBot(guild: FakeGuild, channel: FakeChannel | null): void {
    const { botId } = this.#options;
    const before = guild.voiceStates.get(botId);
    if (!before) throw new Error('the bot is not in voice in this server');
    if (channel) this.#seatBot(guild, channel, before.sessionId, before);
    else this.clear(guild, botId);
  }

  /** The bot's call goes on at another voice server. */
  moveServer(
    guild: FakeGuild,
    { to, viaNull = false, withoutMs = WITHOUT_SERVER_MS }: ServerMove = {},
  ): void {
    const { calls, botId, dispatch } = this.#options;
    const state = guild.voiceStates.get(botId);
    if (!state) throw new Error('the bot is not in voice in this server');
    this.#settle(guild.id);
    const before = calls.server(state.channelId);
    void calls.move(state.channelId, to ?? calls.next(state.channelId));
    const same = calls.server(state.channelId) === before;
    if (viaNull) dispatch(guild.id, 'VOICE_SERVER_UPDATE', { token: '', guild_id: guild.id, endpoint: null });
    if (viaNull || same) before.evict(guild.id, botId);
    if (viaNull) this.#later(guild.id, withoutMs, () => this.#nameServer(guild, state));
    else this.#nameServer(guild, state);
    if (!viaNull && !same) this.#later(guild.id, OLD_SERVER_CLOSES_MS, () => before.evict(guild.id, botId));
  }

  /** Sets a member's state and tells it. */
  put(guild: FakeGuild, state: VoiceState): void {
    guild.voiceStates.set(state.userId, state);
    this.#tell(guild, state);
    this.#silence(guild, state);
  }

  /** A moderator mutes a member in voice, or no longer. */
  mute(guild: FakeGuild, userId: string, mute: boolean): void {
    guild.setMute(userId, mute);
    const state = guild.voiceStates.get(userId);
    if (state) this.put(guild, state);
  }

  /** A member in voice switches their own microphone off, or on again. */
  muteSelf(guild: FakeGuild, userId: string, selfMute: boolean): void {
    const state = guild.voiceStates.get(userId);
    if (!state) throw new Error(`user ${userId} is not in voice`);
    this.put(guild, { ...state, selfMute });
  }

  /** A moderator of a stage lets somebody speak, or moves them to the audience. */
  suppress(guild: FakeGuild, userId: string, suppress: boolean): void {
    const state = guild.voiceStates.get(userId);
    if (state && guild.channels.get(state.channelId)?.type === CHANNEL_TYPE.stage)
      this.put(guild, { ...state, suppress, requestToSpeak: null });
    else throw new Error(`user ${userId} is in no stage channel`);
  }

  /** Permissions have changed: who may no longer speak in a voice channel is suppressed, and the reverse. */
  permissionsChanged(guild: FakeGuild): void {
    for (const state of guild.voiceStates.values()) {
      const channel = guild.channels.get(state.channelId);
      if (!channel || channel.type === CHANNEL_TYPE.stage || !guild.members.has(state.userId)) continue;
      const suppress = startsSuppressed(guild, channel, state.userId);
      if (suppress !== state.suppress) this.put(guild, { ...state, suppress });
    }
  }

  /**
   * A member leaves voice, or is made to; `code` is what the bot's voice socket is closed with, unless not `evicts`.
   */
  clear(guild: FakeGuild, userId: string, code?: number, evicts = true): void {
    const before = guild.voiceStates.get(userId);
    if (!before) return;
    guild.voiceStates.delete(userId);
    this.#tell(guild, { ...before, channelId: null });
    if (userId !== this.#options.botId) return;
    this.#settle(guild.id);
    if (!evicts) return;
    this.#options.calls.server(before.channelId).evict(guild.id, userId, code);
    this.#options.calls.release(before.channelId);
  }

  /** With a gateway session its voice ends too. */
  onSessionEnded(session: GatewaySession): void {
    const { guilds, botId, faults } = this.#options;
    for (const guild of guilds.values())
      if (guild.voiceStates.get(botId)?.sessionId === session.id)
        this.clear(guild, botId, undefined, !faults.voiceOutlivesGateway);
  }

  #seatBot(
    guild: FakeGuild,
    channel: FakeChannel,
    sessionId: string,
    { selfMute, selfDeaf }: Pick<VoiceState, 'selfMute' | 'selfDeaf'>,
  ): void {
    const { botId: userId, calls, faults } = this.#options;
    const before = guild.voiceStates.get(userId);
    const stays = before?.channelId === channel.id;
    const suppress = stays ? before.suppress : startsSuppressed(guild, channel, userId);
    const state = {
      userId,
      channelId: channel.id,
      sessionId,
      selfMute,
      selfDeaf,
      suppress,
      requestToSpeak: null,
    };
    const leave = () => {
      this.#settle(guild.id);
      if (before) calls.server(before.channelId).evict(guild.id, userId);
      if (before && before.channelId !== channel.id) calls.release(before.channelId);
    };
    if (faults.serverUpdateFirst) {
      leave();
      this.#nameServer(guild, state);
      this.put(guild, state);
    } else {
      this.put(guild, state);
      this.#afterwards(faults.serverUpdateLateMs, () => {
        leave();
        this.#nameServer(guild, state);
      });
    }
  }

  #nameServer(guild: FakeGuild, { channelId, userId, sessionId }: VoiceState): void {
    const server = this.#options.calls.server(channelId);
    const token = server.admit({ guildId: guild.id, channelId, userId, sessionId });
    this.#options.dispatch(guild.id, 'VOICE_SERVER_UPDATE', {
      token,
      guild_id: guild.id,
      endpoint: server.endpoint,
    });
  }

  /** Does something at once, or where Discord is slow so many milliseconds later. */
  #afterwards(ms: number | undefined, run: () => void): void {
    if (ms === undefined) return run();
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      run();
    }, ms);
    this.#late.add(timer);
  }

  #later(guildId: string, ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#pending.delete(guildId);
      run();
    }, ms);
    this.#pending.set(guildId, { timer, run });
  }

  /** Does at once what a move of the server still had to do. */
  #settle(guildId: string): void {
    const pending = this.#pending.get(guildId);
    if (!pending) return;
    clearTimeout(pending.timer);
    this.#pending.delete(guildId);
    pending.run();
  }

  #tell(guild: FakeGuild, state: Omit<VoiceState, 'channelId'> & { channelId: string | null }): void {
    const member = guild.member(state.userId);
    this.#options.dispatch(guild.id, 'VOICE_STATE_UPDATE', {
      ...voiceStatePayload(state, member),
      guild_id: guild.id,
      member: memberPayload(member),
    });
  }

  /** What the muted and the suppressed send is passed on to nobody. */
  #silence(guild: FakeGuild, { userId, channelId, suppress }: VoiceState): void {
    this.#options.calls.silence(userId, channelId, suppress || guild.member(userId).mute);
  }
}

/** Whether a member who comes into a voice channel may not be heard there yet. (Discord, "Voice", "Stage Channels".) */
export function startsSuppressed(guild: FakeGuild, channel: FakeChannel, userId: string): boolean {
  if (channel.type === CHANNEL_TYPE.stage) return true;
  return (guild.permissionsOf(userId, channel) & PERMISSION.speak) === 0n;
}

/** Whether a member may go into a voice channel: permissions, and its user limit, which Move Members lifts. */
export function mayEnter(guild: FakeGuild, channel: FakeChannel, userId: string): boolean {
  const bits = guild.permissionsOf(userId, channel);
  if ((bits & PERMISSION.viewChannel) === 0n || (bits & PERMISSION.connect) === 0n) return false;
  const others = [...guild.voiceStates.values()].filter(
    state => state.channelId === channel.id && state.userId !== userId,
  );
  const full = channel.userLimit > 0 && others.length >= channel.userLimit;
  return !full || (bits & PERMISSION.moveMembers) !== 0n;
}
