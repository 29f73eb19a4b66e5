import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChannelType,
  type Client,
  type Guild,
  PermissionFlagsBits,
  type VoiceBasedChannel,
} from 'discord.js';
import { UserError } from '../../errors.ts';
import { translator } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { Session } from '../../speech/session.ts';
import type { ShownStatus } from '../../store/kept/kept-facts.ts';
import type { Store } from '../../store/store.ts';
import { later, walled } from '../../walls.ts';
import { GuildTurns } from '../guild-turns.ts';
import type { Calls } from './calls.ts';
import { companyIn } from './channels.ts';
import { nextStep, type StatusStep, type WantedStatus } from './status-plan.ts';
import { statusText } from './status-text.ts';
import { ToldStatuses } from './told-statuses.ts';

// Shows what the bot reads in the status of its voice channel (the text below the channel's name), and puts the former
// status back when it leaves. `status-plan.ts` decides each step, `status-text.ts` writes the text, and
// `told-statuses.ts` knows what others have set. The former status is put back before the bot leaves, because
// afterwards Discord asks for another permission; it is in the database, so that a crash does not lose it.

/** Changes that come within this time are looked at together. */
const LOOK_MS = 700;
/** Discord tells of a change of a status within this time. */
const EVENTS_MS = 500;
/** When the bot leaves, it waits at most this long until Discord has taken the former status. */
const TAKE_BACK_MS = 2_000;
/** Enough steps to get from any state to any other: taking one status back and showing another. */
const MAX_STEPS = 4;
/** After its start the bot gets this long to come back to a channel before the status that it left there is removed. */
const RETURN_MS = 60_000;

const { ViewChannel, Connect } = PermissionFlagsBits;
/** (Discord, "Permissions": Set Voice Channel Status.) */
const NEEDED = ViewChannel | Connect | PermissionFlagsBits.SetVoiceChannelStatus;

export interface ChannelStatusesOptions {
  readonly client: Client;
  readonly calls: Pick<Calls, 'session'>;
  readonly store: Pick<Store, 'guild' | 'statuses' | 'onSettings'>;
  readonly log: Logger;
}

/** What the bot has done about the status of its voice channel in one guild. */
interface State {
  shown: ShownStatus | null;
  /** See `StatusFacts`. */
  leftAlone: string | null;
  /** All texts that the bot has set during its present stay. */
  readonly ours: Set<string>;
  /** The session that is about to leave its channel. */
  leaving: Session | null;
  /** Before this time (by `performance.now()`) a status of a former process is not taken back. */
  readonly restUntil: number;
}

/**
 * Sets statuses where the setting `channelStatus` asks for it and the bot may set them, and puts the former one back
 * also when no people are with the bot. What somebody else has changed meanwhile is left alone.
 */
export class ChannelStatuses {
  readonly #options: ChannelStatusesOptions;
  readonly #told: ToldStatuses;
  readonly #turns = new GuildTurns();
  readonly #states = new Map<string, State>();
  /** The guilds that are looked at in a moment. */
  readonly #due = new Set<string>();

  constructor(options: ChannelStatusesOptions) {
    this.#options = options;
    const { client, store, log } = options;
    const lookAt = (guildId: string) => {
      const guild = client.guilds.cache.get(guildId);
      if (guild) this.look(guild);
    };
    this.#told = new ToldStatuses(client, lookAt, log);
    store.onSettings(lookAt);
  }

  /**
   * Call this when the bot is ready: finds out which statuses a former process has left behind in these guilds. They
   * are taken back unless the bot comes back to their channels. Never rejects.
   */
  async recover(guilds: readonly Guild[]): Promise<void> {
    const { store, log } = this.#options;
    try {
      const restUntil = performance.now() + RETURN_MS;
      for (const shown of await store.statuses.of(guilds.map(({ id }) => id)))
        if (!this.#states.has(shown.guildId)) this.#states.set(shown.guildId, stateOf(shown, restUntil));
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // the database is away; a later status replaces the old one
    }
    for (const guild of guilds) this.look(guild);
    later(log, 'statuses', RETURN_MS, () => {
      for (const guild of guilds) this.look(guild);
    }).unref();
  }

  /** Call this when something may have changed on which the status of the bot's voice channel depends. Never throws. */
  look(guild: Guild): void {
    const { calls, log } = this.#options;
    const isIdle = !calls.session(guild.id) && !this.#states.has(guild.id);
    if (isIdle || this.#due.has(guild.id)) return;
    this.#due.add(guild.id);
    later(log, 'statuses', LOOK_MS, () => {
      this.#due.delete(guild.id);
      void this.#settle(guild);
    }).unref();
  }

  /** Whether the bot shows a status of its own in this guild. */
  isShown(guildId: string): boolean {
    return this.#states.get(guildId)?.shown != null;
  }

  /**
   * Has the status become again what it was, because the bot is about to leave its channel: once it is out, it may not
   * change the status any more. Resolves when that is done, or after two seconds. Never rejects.
   */
  async takeBack(guildId: string): Promise<void> {
    const { client, calls } = this.#options;
    const guild = client.guilds.cache.get(guildId);
    const state = this.#states.get(guildId);
    if (!guild || !state?.shown) return;
    state.leaving = calls.session(guildId) ?? null;
    await Promise.race([this.#settle(guild), sleep(TAKE_BACK_MS, undefined, { ref: false })]);
  }

  /** Does `takeBack` in all guilds, because the process ends. Never rejects. */
  async takeAllBack(): Promise<void> {
    await this.takeBackIn([...this.#states.keys()]);
  }

  /** Does `takeBack` in these guilds. Never rejects. */
  async takeBackIn(guildIds: readonly string[]): Promise<void> {
    await Promise.all(guildIds.map(guildId => this.takeBack(guildId)));
  }

  /**
   * Call this when this process no longer hears of these guilds: what it knows of their statuses is forgotten, since
   * another process may change it. When the guilds come back, `recover` reads it anew.
   */
  gone(guildIds: readonly string[]): void {
    for (const guildId of guildIds) this.#states.delete(guildId);
  }

  /** Does all that is to be done in a guild, step by step. Never rejects. */
  async #settle(guild: Guild): Promise<void> {
    await this.#turns.take(guild.id, async () =>
      walled(this.#options.log, 'statuses', () => this.#steps(guild)),
    );
  }

  async #steps(guild: Guild): Promise<void> {
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const step = await this.#next(guild);
      if (!step) return;
      await this.#do(guild, step);
    }
  }

  async #next(guild: Guild): Promise<StatusStep | null> {
    const state = this.#states.get(guild.id) ?? stateOf(null);
    const hasSession = this.#options.calls.session(guild.id) !== undefined;
    if (!hasSession && !state.shown) this.#states.delete(guild.id);
    else this.#states.set(guild.id, state);
    if (!hasSession && performance.now() < state.restUntil) return null;
    const wanted = await this.#wanted(guild, state);
    if (wanted && !state.shown) await this.#told.learn(guild, wanted.channelId);
    return nextStep({
      guildId: guild.id,
      wanted,
      shown: state.shown,
      leftAlone: state.leftAlone,
      now: channelId => this.#told.of(channelId),
      isOurs: text => state.ours.has(text),
    });
  }

  async #wanted(guild: Guild, state: State): Promise<WantedStatus | null> {
    const { client, calls, store } = this.#options;
    const { known, settings } = await store.guild(guild.id);
    const session = calls.session(guild.id);
    if (!known || !settings.channelStatus || !session || session === state.leaving) return null;
    const channel = client.user && guild.voiceStates.cache.get(client.user.id)?.channel;
    if (!channel || channel.id !== session.channelId || !this.#maySet(channel)) return null;
    if (companyIn(client, guild, channel.id).humans === 0) return null;
    return { channelId: channel.id, text: statusText(channel, settings, translator(guild.preferredLocale)) };
  }

  #maySet(channel: VoiceBasedChannel): boolean {
    const { me } = channel.guild.members;
    return channel.type === ChannelType.GuildVoice && me !== null && channel.permissionsFor(me).has(NEEDED);
  }

  async #do(guild: Guild, step: StatusStep): Promise<void> {
    const { store } = this.#options;
    const state = this.#states.get(guild.id);
    if (!state) return;
    if (step.kind === 'show') {
      // It is saved first: otherwise, after a crash, nobody would know what the status was before.
      store.statuses.remember(step.shown);
      const { channelId, ours } = step.shown;
      state.ours.add(ours);
      state.shown = step.shown; // also while Discord has not answered: whoever leaves now has to take it back
      if (await this.#put(channelId, ours)) return;
      state.leftAlone = channelId;
    } else if (step.kind === 'take back') {
      await this.#put(step.channelId, step.status);
    } else {
      state.leftAlone = step.leftAlone;
    }
    state.shown = null;
    store.statuses.forget(guild.id);
  }

  /** Sets the status of a channel. Resolves with whether Discord has taken it. Never rejects. */
  async #put(channelId: string, status: string | null): Promise<boolean> {
    try {
      const before = this.#told.count(channelId);
      await this.#options.client.rest.put(`/channels/${channelId}/voice-status`, { body: { status } });
      // Somebody may have changed it in the same moment. Which of the two was last, Discord's events say.
      if (this.#told.count(channelId) === before) this.#told.set(channelId, status);
      else if (this.#told.of(channelId) !== status) await sleep(EVENTS_MS, undefined, { ref: false });
      return true;
    } catch (error) {
      // A channel that the bot is not in any more needs another permission, and the channel may be gone.
      this.#options.log.debug({ channelId, err: error }, 'the status of a voice channel was not set');
      return false;
    }
  }
}

function stateOf(shown: ShownStatus | null, restUntil = 0): State {
  return { shown, leftAlone: null, ours: new Set(shown ? [shown.ours] : []), leaving: null, restUntil };
}
