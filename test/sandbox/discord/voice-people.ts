import { randomBytes } from 'node:crypto';
import type { FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import type { FakeUser } from './user.ts';
import type { Listener } from './voice-api.ts';
import type { VoiceCalls } from './voice-calls.ts';
import { mayEnter, startsSuppressed, type VoiceStates } from './voice-states.ts';

interface VoicePeopleOptions {
  readonly botId: string;
  readonly calls: VoiceCalls;
  readonly voiceStates: VoiceStates;
}

/** People come into voice channels and go: the gateway knows where they are, and they listen to the calls there. */
export class VoicePeople {
  readonly #options: VoicePeopleOptions;

  constructor(options: VoicePeopleOptions) {
    this.#options = options;
  }

  /** A person enters a voice channel, from wherever they were in that server; throws where they may not. */
  async join(user: FakeUser, channel: FakeChannel, guild: FakeGuild): Promise<Listener> {
    const { calls, voiceStates } = this.#options;
    if (!mayEnter(guild, channel, user.id))
      throw new Error(`${user.name} may not enter ${channel.name}, or it is full`);
    const before = guild.voiceStates.get(user.id);
    const sessionId = randomBytes(16).toString('hex');
    const suppress = startsSuppressed(guild, channel, user.id);
    const flags = { selfMute: false, selfDeaf: false, suppress, requestToSpeak: null };
    voiceStates.put(guild, { userId: user.id, channelId: channel.id, sessionId, ...flags });
    if (before) await calls.exit(user.id, before.channelId);
    return calls.enter(user.id, channel.id);
  }

  /** Somebody, or the bot, is in voice no longer; `code` closes the bot's voice connection. */
  async leave(guild: FakeGuild, userId: string, code?: number): Promise<void> {
    const { botId, calls, voiceStates } = this.#options;
    const state = guild.voiceStates.get(userId);
    voiceStates.clear(guild, userId, code);
    if (state && userId !== botId) await calls.exit(userId, state.channelId);
  }
}
