import { u64 } from './dave-bytes.ts';
import type { ExternalSender } from './dave-external-sender.ts';
import { type KeyPackage, readCommitWelcome, welcomeFor } from './dave-messages.ts';
import { type Change, Proposals } from './dave-proposals.ts';
import { Roster } from './dave-roster.ts';

/** A commit that the gateway takes: who gets it, and who gets a Welcome instead. */
export interface Accepted {
  readonly commit: Buffer;
  /** Members before and after, the committer among them. */
  readonly stay: readonly string[];
  readonly added: readonly { readonly userId: string; readonly welcome: Buffer }[];
  /** Everyone in the new epoch. */
  readonly members: readonly string[];
}

/**
 * The voice gateway's view of an MLS group: epoch, leaves, and what is proposed. Epoch 0 is a group that is not
 * established: every pending member has a local one of itself alone, and the first commit decides.
 */
export class DaveEpoch {
  readonly #groupId: Buffer;
  readonly #proposals: Proposals;
  #roster = new Roster();
  #epoch = 0n;

  constructor(channelId: string, sender: ExternalSender) {
    this.#groupId = u64(BigInt(channelId));
    this.#proposals = new Proposals(sender, this.#groupId);
  }

  get established(): boolean {
    return this.#epoch > 0n;
  }

  /** Members of the established group. */
  get userIds(): readonly string[] {
    return this.#roster.userIds;
  }

  has(userId: string): boolean {
    return this.#roster.has(userId);
  }

  /** Whether the user may commit now: a member that stays, or before there is a group anyone. */
  mayCommit(userId: string): boolean {
    return !this.established || (this.#roster.has(userId) && !this.#proposals.removes(userId));
  }

  /** Proposes to add a user; returns the op 27 payload. */
  proposeAdd(userId: string, keyPackage: KeyPackage): Buffer {
    return this.#propose({ kind: 'add', userId, keyPackage });
  }

  /** Proposes to remove a member; null if that is proposed, or the user is no member. */
  proposeRemove(userId: string): Buffer | null {
    const leaf = this.#roster.leafOf(userId);
    if (leaf === -1 || this.#proposals.removes(userId)) return null;
    return this.#propose({ kind: 'remove', userId, leaf });
  }

  /** Takes a proposed addition back; null if there is none. */
  revokeAdd(userId: string): Buffer | null {
    return this.#proposals.revokeAdd(userId);
  }

  /** All that a pending member must know of to commit, or null. */
  proposalsFor(userId: string): Buffer | null {
    return this.#proposals.allFor(userId);
  }

  /**
   * Op 28: takes the first valid commit of the epoch. Null where it is late or early, of another group, from
   * another leaf than the user's, or covers anything but what is proposed. RangeError where it is malformed.
   */
  accept(userId: string, bytes: Buffer): Accepted | null {
    const message = readCommitWelcome(bytes);
    const before = this.established ? this.#roster : new Roster([userId]);
    if (message.epoch !== this.#epoch || !message.groupId.equals(this.#groupId)) return null;
    if (message.leaf !== before.leafOf(userId) || !this.mayCommit(userId)) return null;
    const covered = this.#proposals.coveredBy(message, userId);
    if (!covered || (covered.added.length > 0 && message.welcome.length === 0)) return null;
    const added: { userId: string; welcome: Buffer }[] = [];
    for (const { userId: user, keyPackage } of covered.added) {
      const welcome = welcomeFor(message.welcome, keyPackage);
      if (!welcome) return null;
      added.push({ userId: user, welcome });
    }
    const stay = before.after(covered.removed, []).userIds;
    this.#roster = before.after(
      covered.removed,
      added.map(user => user.userId),
    );
    this.#epoch++;
    this.#proposals.clear();
    return { commit: message.commit, stay, added, members: this.#roster.userIds };
  }

  /** Back to a group that is not established. */
  forget(): void {
    this.#proposals.clear();
    this.#roster = new Roster();
    this.#epoch = 0n;
  }

  #propose(change: Change): Buffer {
    return this.#proposals.append(this.#epoch, change);
  }
}
