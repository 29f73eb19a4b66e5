import type { CloneOwner } from './clone-rows.ts';

/** Knows, in memory, whose the clones of all guilds are. */
export class VoiceOwners {
  /** The owners by voice id; a voice that is missing is no clone. Null while they were not read yet. */
  #owners: ReadonlyMap<string, CloneOwner> | null = null;

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

  /** Sets the owners as the database has them. */
  read(owners: ReadonlyMap<string, CloneOwner>): void {
    this.#owners = owners;
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
