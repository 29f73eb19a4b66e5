import type { Connection } from '../database/connection.ts';
import type { TaskQueue } from '../database/task-queue.ts';
import { type CloneOwner, readCloneOwners, readGuildOwners } from './clone-rows.ts';

// Decides whether somebody may use a voice: a clone, made of a person's own recording, is for that person alone. It
// answers from memory, since every line asks.

export class VoiceOwners {
  readonly #connection: Connection;
  readonly #queue: TaskQueue;
  /** The owners by voice id; a voice that is missing is no clone. Null while they were not read yet. */
  #owners: ReadonlyMap<string, CloneOwner> | null = null;

  constructor(connection: Connection, queue: TaskQueue) {
    this.#connection = connection;
    this.#queue = queue;
  }

  /** False while the owners were not read yet: then any voice may be somebody's clone. */
  get known(): boolean {
    return this.#owners !== null;
  }

  /** Whether somebody may use a voice. Nobody may use any while the owners are not known. */
  mayUse(voiceId: string, who: { readonly guildId: string; readonly userId: string }): boolean {
    if (!this.#owners) return false;
    const owner = this.#owners.get(voiceId);
    return owner === undefined || (owner?.guildId === who.guildId && owner.userId === who.userId);
  }

  /** Reads the owners of all voices from the database. Rejects with StoreError. */
  async read(): Promise<void> {
    await this.#queue.run(async () => {
      this.#owners = await this.#connection.read(readCloneOwners);
    });
  }

  /**
   * Reads again the owners of one guild's voices. Those that it no longer has are nobody's. Rejects with StoreError.
   */
  async readGuild(guildId: string): Promise<void> {
    await this.#queue.run(async () => {
      const owners = await this.#connection.read(db => readGuildOwners(db, guildId));
      const former = [...(this.#owners ?? [])].filter(([, owner]) => owner?.guildId === guildId);
      const gone = former.map(([voiceId]) => [voiceId, null] as const);
      if (this.#owners) this.#owners = new Map([...this.#owners, ...gone, ...owners]);
    });
  }

  /** Makes somebody the owner of a voice; with null the voice is to be deleted, and nobody may use it. */
  set(voiceId: string, owner: CloneOwner): void {
    if (this.#owners) this.#owners = new Map(this.#owners).set(voiceId, owner);
  }

  /** Takes a person's clones away, so that nobody may use them any more. */
  forgetPerson(userId: string): void {
    if (!this.#owners) return;
    const left = [...this.#owners].map(
      ([voiceId, owner]) => [voiceId, owner?.userId === userId ? null : owner] as const,
    );
    this.#owners = new Map(left);
  }
}
