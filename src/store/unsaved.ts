import type { StoredSettings } from './setting-values.ts';
import type { GuildRecord } from './store.ts';

// Holds the changes of settings and the opt-outs that hold already but could not be saved yet, as the database does not
// work. `guild-records.ts` lays them over what the database has.

/** The changes of one guild that the database does not have yet. */
export interface UnsavedChanges {
  readonly settings: StoredSettings;
  /** Whether a person has opted out (true) or in (false), by user id. */
  readonly optOuts: ReadonlyMap<string, boolean>;
}

export const NO_CHANGES: UnsavedChanges = { settings: {}, optOuts: new Map() };

export class Unsaved {
  readonly #guilds = new Map<string, UnsavedChanges>();
  /** When each of the opt-outs was made, by the ids of the guild and the person, in epoch milliseconds. */
  readonly #optedAt = new Map<string, number>();

  /** The ids of the guilds that have unsaved changes. */
  get guildIds(): readonly string[] {
    return [...this.#guilds.keys()];
  }

  /** The unsaved changes of a guild; undefined when there are none. */
  of(guildId: string): UnsavedChanges | undefined {
    return this.#guilds.get(guildId);
  }

  addSettings(guildId: string, patch: StoredSettings): void {
    const { settings, optOuts } = this.of(guildId) ?? NO_CHANGES;
    this.#guilds.set(guildId, { settings: { ...settings, ...patch }, optOuts });
  }

  addOptOut(guildId: string, userId: string, out: boolean): void {
    const { settings, optOuts } = this.of(guildId) ?? NO_CHANGES;
    this.#guilds.set(guildId, { settings, optOuts: new Map(optOuts).set(userId, out) });
    this.#optedAt.set(`${guildId} ${userId}`, Date.now());
  }

  /**
   * The unsaved opt-outs of one person from before a time (epoch milliseconds), by guild id: true for out, false for in.
   */
  optOutsOf(userId: string, before: number): ReadonlyMap<string, boolean> {
    const found = new Map<string, boolean>();
    for (const [guildId, { optOuts }] of this.#guilds) {
      const out = optOuts.get(userId);
      const at = this.#optedAt.get(`${guildId} ${userId}`) ?? 0;
      if (out !== undefined && at < before) found.set(guildId, out);
    }
    return found;
  }

  /** Drops the changes `saved`, which the database has now. What was changed once more meanwhile stays. */
  saved(guildId: string, saved: UnsavedChanges): void {
    const { settings, optOuts } = this.of(guildId) ?? NO_CHANGES;
    for (const [userId, out] of saved.optOuts)
      if (optOuts.get(userId) === out) this.#optedAt.delete(`${guildId} ${userId}`);
    this.#keep(
      guildId,
      Object.fromEntries(Object.entries(settings).filter(([name, value]) => saved.settings[name] !== value)),
      [...optOuts].filter(([userId, out]) => saved.optOuts.get(userId) !== out),
    );
  }

  /** A guild's record with its unsaved changes made in it; the very same record when there are none. */
  over(guildId: string, record: GuildRecord): GuildRecord {
    const changes = this.of(guildId);
    if (!changes) return record;
    const optOuts = new Set(record.optOuts);
    const optIns = new Set(record.optIns);
    for (const [userId, out] of changes.optOuts) {
      (out ? optOuts : optIns).add(userId);
      (out ? optIns : optOuts).delete(userId);
    }
    return { ...record, settings: { ...record.settings, ...changes.settings }, optOuts, optIns };
  }

  #keep(guildId: string, settings: StoredSettings, optOuts: readonly (readonly [string, boolean])[]): void {
    if (optOuts.length === 0 && Object.keys(settings).length === 0) this.#guilds.delete(guildId);
    else this.#guilds.set(guildId, { settings, optOuts: new Map(optOuts) });
  }
}
