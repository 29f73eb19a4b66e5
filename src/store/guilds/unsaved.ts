import type { GuildRecord } from '../store.ts';
import type { StoredSettings } from './setting-values.ts';

// Holds the changes of settings and the opt-outs that hold already but could not be saved yet, as the database does not
// work. `guild-records.ts` lays them over what the database has.

/**
 * A choice that the database does not have yet. Who chooses the same once more makes another choice: what takes the
 * place of the former one, or deletes it, leaves the later one alone.
 */
export type UnsavedChoice = Setting | OptOut;

/** The value of a setting of a guild. */
interface Setting {
  readonly kind: 'setting';
  readonly guildId: string;
  /** The name of the setting. */
  readonly name: string;
  readonly value: unknown;
}

/** Whether somebody has opted out (true) or in (false). */
interface OptOut {
  readonly kind: 'opt-out';
  readonly guildId: string;
  /** The id of the person. */
  readonly name: string;
  readonly value: boolean;
  /** When it was made, in epoch milliseconds. */
  readonly at: number;
}

/** A change that waits for its turn to be written, and will take the place of some choices or delete them. */
export interface WaitingChange extends Disposable {
  /** The unsaved choices of before the change, which are pointless once it is written. */
  readonly before: readonly UnsavedChoice[];
}

export class Unsaved {
  /** By guild id; in each guild by kind and name. There is no guild without a choice. */
  readonly #guilds = new Map<string, ReadonlyMap<string, UnsavedChoice>>();
  /** For each change that waits for its turn: whether a choice is of after it and must not be written before it. */
  readonly #waiting = new Set<(choice: UnsavedChoice) => boolean>();

  /** The ids of the guilds that have unsaved choices. */
  get guildIds(): readonly string[] {
    return [...this.#guilds.keys()];
  }

  /** The unsaved choices of a guild. */
  of(guildId: string): readonly UnsavedChoice[] {
    return [...(this.#guilds.get(guildId)?.values() ?? [])];
  }

  /** The unsaved choices of a guild that may be written now. The others come after a change that waits for its turn. */
  due(guildId: string): readonly UnsavedChoice[] {
    const waiting = [...this.#waiting];
    return this.of(guildId).filter(choice => !waiting.some(isAfter => isAfter(choice)));
  }

  addSettings(guildId: string, patch: StoredSettings): void {
    for (const [name, value] of Object.entries(patch)) this.#add({ kind: 'setting', guildId, name, value });
  }

  addOptOut(guildId: string, userId: string, out: boolean): void {
    this.#add({ kind: 'opt-out', guildId, name: userId, value: out, at: Date.now() });
  }

  /** The unsaved opt-outs and opt-ins of one person, in all guilds, from before a time (epoch milliseconds). */
  optOutsOf(userId: string, before: number): readonly UnsavedChoice[] {
    return this.#all().filter(
      choice => choice.kind === 'opt-out' && choice.name === userId && choice.at < before,
    );
  }

  /**
   * Call this when a change is asked for that takes the place of some choices, or deletes them: those for which
   * `covers` returns true. Such choices that are made from now on are not written before the change has had its turn,
   * which would undo them; dispose of what is returned then.
   */
  waitFor(covers: (choice: UnsavedChoice) => boolean): WaitingChange {
    const before = this.#all().filter(covers);
    const isAfter = (choice: UnsavedChoice) => covers(choice) && !before.includes(choice);
    this.#waiting.add(isAfter);
    return { before, [Symbol.dispose]: () => void this.#waiting.delete(isAfter) };
  }

  /** Drops these choices, which the database has now or nobody needs any more. What was chosen since stays. */
  drop(choices: readonly UnsavedChoice[]): void {
    for (const choice of choices) {
      const { guildId } = choice;
      const left = [...(this.#guilds.get(guildId) ?? [])].filter(([, one]) => one !== choice);
      if (left.length > 0) this.#guilds.set(guildId, new Map(left));
      else this.#guilds.delete(guildId);
    }
  }

  /** A guild's record with its unsaved choices made in it; the very same record when there are none. */
  over(guildId: string, record: GuildRecord): GuildRecord {
    const choices = this.of(guildId);
    if (choices.length === 0) return record;
    const optOuts = new Set(record.optOuts);
    const optIns = new Set(record.optIns);
    for (const { kind, name, value } of choices) {
      if (kind !== 'opt-out') continue;
      (value ? optOuts : optIns).add(name);
      (value ? optIns : optOuts).delete(name);
    }
    return { ...record, settings: { ...record.settings, ...chosenSettings(choices) }, optOuts, optIns };
  }

  #all(): readonly UnsavedChoice[] {
    return this.guildIds.flatMap(guildId => this.of(guildId));
  }

  #add(choice: UnsavedChoice): void {
    const { guildId, kind, name } = choice;
    this.#guilds.set(guildId, new Map(this.#guilds.get(guildId)).set(`${kind} ${name}`, choice));
  }
}

/** The settings among the choices, by name. */
export function chosenSettings(choices: readonly UnsavedChoice[]): StoredSettings {
  return Object.fromEntries(
    choices.flatMap(({ kind, name, value }) => (kind === 'setting' ? [[name, value]] : [])),
  );
}
