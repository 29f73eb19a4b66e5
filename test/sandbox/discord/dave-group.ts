import { DaveEpoch } from './dave-epoch.ts';
import { ExternalSender } from './dave-external-sender.ts';
import type { GroupMember } from './dave-member.ts';
import { type KeyPackage, readKeyPackage } from './dave-messages.ts';
import { Settled } from './dave-settled.ts';
import { Transitions } from './dave-transitions.ts';

interface Enrolled {
  readonly member: GroupMember;
  /** Of a pending member, until a Welcome has used it. */
  keyPackage: KeyPackage | null;
  hasSender: boolean;
}

const VERSION = 1;
/** A new group, as op 24 says it. */
const NEW_GROUP = 1;

/**
 * The delivery service of one call's MLS group, as the voice gateway plays it (DAVE protocol, "Group
 * Management"): it proposes, the members commit, the first valid commit of an epoch wins.
 */
export class DaveGroup {
  readonly #sender = new ExternalSender();
  readonly #epoch: DaveEpoch;
  readonly #transitions = new Transitions();
  readonly #settled = new Settled();
  /** Everyone who takes part, in order of arrival. */
  readonly #enrolled = new Map<string, Enrolled>();
  #version: number;

  constructor(channelId: string, version: number) {
    this.#epoch = new DaveEpoch(channelId, this.#sender);
    this.#version = version;
  }

  /** DAVE protocol version in force: 0 is transport encryption alone. */
  get version(): number {
    return this.#version;
  }

  /** Takes a user into the call; its key package (op 26) makes it a pending member. */
  enrol(member: GroupMember): void {
    this.#enrolled.set(member.userId, { member, keyPackage: null, hasSender: false });
    if (this.#version === 0) return;
    this.#introduce(member.userId);
    this.#repeatProposals(member.userId);
  }

  /** Op 26. Throws RangeError where the key package is not acceptable. */
  keyPackage(userId: string, bytes: Buffer): void {
    const entry = this.#enrolled.get(userId);
    if (!entry || this.#version === 0) return;
    const again = entry.keyPackage !== null;
    entry.keyPackage = readKeyPackage(bytes, userId);
    this.#revokeAdd(userId);
    // A client that starts over by itself has lost what was proposed to it.
    if (again) this.#repeatProposals(userId);
    this.#tell(this.#epoch.proposeRemove(userId), userId);
    this.#tell(this.#epoch.proposeAdd(userId, entry.keyPackage), userId);
  }

  /** Op 28. Returns whether the commit was taken; one that is late, partial or wrong is not broadcast. */
  commitWelcome(userId: string, bytes: Buffer): boolean {
    const accepted = this.#enrolled.has(userId) ? this.#epoch.accept(userId, bytes) : null;
    if (!accepted) return false;
    const { commit, stay, added, members } = accepted;
    for (const user of added) this.#settled.delete(user.userId);
    const id = this.#transitions.begin(members, transition => this.#execute(transition, members));
    for (const user of stay) this.#enrolled.get(user)?.member.announceCommit(id, commit);
    for (const { userId: user, welcome } of added) {
      const entry = this.#enrolled.get(user);
      if (!entry) continue;
      entry.keyPackage = null;
      entry.member.welcome(id, welcome);
    }
    return true;
  }

  /** Op 23. */
  ready(userId: string, transitionId: number): void {
    this.#transitions.ready(userId, transitionId);
  }

  /** Op 31: the member could not follow. It is removed, and added again with its next key package. */
  invalid(userId: string): void {
    if (this.#enrolled.has(userId) && this.#epoch.has(userId)) this.#depart(userId);
  }

  /** The user has left the call. */
  withdraw(userId: string): void {
    if (!this.#enrolled.delete(userId)) return;
    this.#transitions.leave(userId);
    this.#settled.delete(userId);
    this.#revokeAdd(userId);
    if (this.#epoch.has(userId)) this.#depart(userId);
    this.#settled.wake();
  }

  /** Ops 21, 23, 22 to version 0: from then on nothing is end-to-end encrypted. */
  downgrade(): void {
    const members = [...this.#enrolled.keys()];
    const id = this.#transitions.begin(members, transition => {
      this.#version = 0;
      this.#forget();
      this.#execute(transition, members);
    });
    for (const { member } of this.#enrolled.values()) member.prepareTransition(id, 0);
  }

  /** Op 24 for a new group at version 1, made by whoever is in the call. */
  upgrade(): void {
    this.#version = VERSION;
    this.#forget();
    this.#renew([...this.#enrolled.keys()]);
  }

  /** Resolves when the user can decrypt what the group says, or after this many ms; at once with no one else. */
  async settled(userId: string, withinMs: number): Promise<void> {
    const enough = () =>
      this.#version === 0 ||
      this.#enrolled.size < 2 ||
      !this.#enrolled.has(userId) ||
      this.#settled.has(userId);
    await this.#settled.until(enough, withinMs);
  }

  dispose(): void {
    this.#transitions.clear();
    this.#enrolled.clear();
    this.#settled.wake();
  }

  #execute(transitionId: number, userIds: readonly string[]): void {
    for (const userId of userIds) {
      if (this.#epoch.has(userId)) this.#settled.add(userId);
      this.#enrolled.get(userId)?.member.executeTransition(transitionId);
    }
    this.#settled.wake();
  }

  /** Op 25, once. */
  #introduce(userId: string): void {
    const entry = this.#enrolled.get(userId);
    if (!entry || entry.hasSender) return;
    entry.hasSender = true;
    entry.member.externalSender(this.#sender.package);
  }

  #committers(): string[] {
    return [...this.#enrolled.keys()].filter(user => this.#epoch.mayCommit(user));
  }

  /** Op 27 to all who may commit, but the user whom it is about. */
  #tell(payload: Buffer | null, about: string): void {
    if (!payload) return;
    const users = this.#committers().filter(user => user !== about);
    for (const [turn, user] of users.entries()) this.#enrolled.get(user)?.member.proposals(payload, turn);
  }

  /**
   * Takes back a proposed addition. Others that are in flight are proposed anew: after a revocation davey
   * 0.1.12 commits what remains without a Welcome, and such a commit cannot be taken.
   */
  #revokeAdd(userId: string): void {
    const payload = this.#epoch.revokeAdd(userId);
    if (!payload) return;
    this.#tell(payload, userId);
    for (const [user, { keyPackage }] of this.#enrolled) {
      const revoked = keyPackage && this.#epoch.revokeAdd(user);
      if (!revoked) continue;
      this.#tell(revoked, user);
      this.#tell(this.#epoch.proposeAdd(user, keyPackage), user);
    }
  }

  /** While there is no group, everyone pending must know of all additions proposed: for one who missed them. */
  #repeatProposals(userId: string): void {
    const payload = this.#epoch.established ? null : this.#epoch.proposalsFor(userId);
    const turn = this.#committers().indexOf(userId);
    if (payload) this.#enrolled.get(userId)?.member.proposals(payload, turn);
  }

  /** A member of the established group is to go: by proposal, or by a new group for one that is left alone. */
  #depart(userId: string): void {
    const left = this.#epoch.userIds.filter(
      user => user !== userId && this.#enrolled.has(user) && this.#epoch.mayCommit(user),
    );
    if (left.length > 1) return this.#tell(this.#epoch.proposeRemove(userId), userId);
    this.#forget();
    this.#renew(left);
  }

  #forget(): void {
    this.#epoch.forget();
    this.#transitions.clear();
    this.#settled.clear();
  }

  /** These users start over (DAVE protocol, "Sole member reset"); who was pending is proposed to them again. */
  #renew(userIds: readonly string[]): void {
    for (const userId of userIds) {
      const entry = this.#enrolled.get(userId);
      if (!entry) continue;
      entry.keyPackage = null;
      entry.member.prepareEpoch(VERSION, NEW_GROUP);
      this.#introduce(userId);
      if (userIds.length === 1) entry.member.prepareTransition(0, VERSION);
    }
    for (const [userId, { keyPackage }] of this.#enrolled)
      if (keyPackage) this.#tell(this.#epoch.proposeAdd(userId, keyPackage), userId);
  }
}
