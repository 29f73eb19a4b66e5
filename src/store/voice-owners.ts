import type { CloneOwner } from './clone-rows.ts';

/** Whose the voices are that were made of people's recordings, of all servers, in memory. */
export class VoiceOwners {
  /** By voice id; what is not there belongs to nobody in particular. Null: not read yet. */
  #owners: ReadonlyMap<string, CloneOwner> | null = null;

  /** False: nothing was read yet, and any voice may be somebody's own. */
  get known(): boolean {
    return this.#owners !== null;
  }

  /** Whether somebody may use a voice; nobody may as long as it is not known whose it is. */
  mayUse(voiceId: string, who: { readonly guildId: string; readonly userId: string }): boolean {
    if (!this.#owners) return false;
    const owner = this.#owners.get(voiceId);
    return owner === undefined || (owner?.guildId === who.guildId && owner.userId === who.userId);
  }

  /** The database has these. */
  read(owners: ReadonlyMap<string, CloneOwner>): void {
    this.#owners = owners;
  }

  /** A voice is somebody's own from now on; null: it is to be deleted, and nobody may use it. */
  set(voiceId: string, owner: CloneOwner): void {
    if (this.#owners) this.#owners = new Map(this.#owners).set(voiceId, owner);
  }

  /** Nobody may use the person's voices any more. */
  forgetPerson(userId: string): void {
    if (!this.#owners) return;
    const left = [...this.#owners].map(
      ([voiceId, owner]) => [voiceId, owner?.userId === userId ? null : owner] as const,
    );
    this.#owners = new Map(left);
  }
}
