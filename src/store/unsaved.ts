import type { StoredSettings } from './setting-values.ts';
import type { GuildRecord } from './store.ts';

/** What holds in one server although the database does not have it yet. */
export interface UnsavedChanges {
  readonly settings: StoredSettings;
  /** By user id. */
  readonly optOuts: ReadonlyMap<string, boolean>;
}

const NONE: UnsavedChanges = { settings: {}, optOuts: new Map() };

/** The changes that must hold even without a database, until it has them. */
export class Unsaved {
  readonly #guilds = new Map<string, UnsavedChanges>();

  get guildIds(): readonly string[] {
    return [...this.#guilds.keys()];
  }

  /** Undefined: nothing. */
  of(guildId: string): UnsavedChanges | undefined {
    return this.#guilds.get(guildId);
  }

  addSettings(guildId: string, patch: StoredSettings): void {
    const { settings, optOuts } = this.of(guildId) ?? NONE;
    this.#guilds.set(guildId, { settings: { ...settings, ...patch }, optOuts });
  }

  addOptOut(guildId: string, userId: string, out: boolean): void {
    const { settings, optOuts } = this.of(guildId) ?? NONE;
    this.#guilds.set(guildId, { settings, optOuts: new Map(optOuts).set(userId, out) });
  }

  /** By server id. */
  optOutsOf(userId: string): ReadonlyMap<string, boolean> {
    const found = new Map<string, boolean>();
    for (const [guildId, { optOuts }] of this.#guilds) {
      const out = optOuts.get(userId);
      if (out !== undefined) found.set(guildId, out);
    }
    return found;
  }

  /** The database has `saved` now; what came after it stays. */
  saved(guildId: string, saved: UnsavedChanges): void {
    const { settings, optOuts } = this.of(guildId) ?? NONE;
    this.#keep(
      guildId,
      Object.fromEntries(Object.entries(settings).filter(([name, value]) => saved.settings[name] !== value)),
      [...optOuts].filter(([userId, out]) => saved.optOuts.get(userId) !== out),
    );
  }

  /** `record` as it holds. */
  over(guildId: string, record: GuildRecord): GuildRecord {
    const changes = this.of(guildId);
    if (!changes) return record;
    const optOuts = new Set(record.optOuts);
    for (const [userId, out] of changes.optOuts) {
      if (out) optOuts.add(userId);
      else optOuts.delete(userId);
    }
    return { ...record, settings: { ...record.settings, ...changes.settings }, optOuts };
  }

  #keep(guildId: string, settings: StoredSettings, optOuts: readonly (readonly [string, boolean])[]): void {
    if (optOuts.length === 0 && Object.keys(settings).length === 0) this.#guilds.delete(guildId);
    else this.#guilds.set(guildId, { settings, optOuts: new Map(optOuts) });
  }
}
