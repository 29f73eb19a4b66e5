import { u8, vec } from './dave-bytes.ts';
import type { ExternalSender, SignedProposal } from './dave-external-sender.ts';
import type { CommitWelcome, KeyPackage } from './dave-messages.ts';

const APPEND = u8(0);
const REVOKE = u8(1);

/** A change of membership that is proposed and not yet committed. */
export type Change =
  | { readonly kind: 'add'; readonly userId: string; readonly keyPackage: KeyPackage }
  | { readonly kind: 'remove'; readonly userId: string; readonly leaf: number };

interface InFlight {
  readonly change: Change;
  readonly signed: SignedProposal;
}

/** The proposals that an accepted commit covers, in the commit's order. */
export interface Covered {
  readonly removed: readonly number[];
  readonly added: readonly { readonly userId: string; readonly keyPackage: KeyPackage }[];
}

/** The external sender's uncommitted proposals of one epoch, and op 27 payloads for them. */
export class Proposals {
  readonly #sender: ExternalSender;
  readonly #groupId: Buffer;
  readonly #inFlight = new Map<string, InFlight>();

  constructor(sender: ExternalSender, groupId: Buffer) {
    this.#sender = sender;
    this.#groupId = groupId;
  }

  /** Signs a change for this epoch, remembers it, and returns the op 27 payload that appends it. */
  append(epoch: bigint, change: Change): Buffer {
    const body =
      change.kind === 'add' ? { kind: change.kind, keyPackage: change.keyPackage.bytes } : { ...change };
    const signed = this.#sender.propose(this.#groupId, epoch, body);
    this.#inFlight.set(signed.ref.toString('hex'), { change, signed });
    return Buffer.concat([APPEND, vec(signed.message)]);
  }

  /** Forgets the proposed addition of a user; returns the op 27 payload that revokes it, or null if none. */
  revokeAdd(userId: string): Buffer | null {
    for (const [ref, { change, signed }] of this.#inFlight)
      if (change.kind === 'add' && change.userId === userId) {
        this.#inFlight.delete(ref);
        return Buffer.concat([REVOKE, vec(vec(signed.ref))]);
      }
    return null;
  }

  /** Whether the removal of a user is proposed. */
  removes(userId: string): boolean {
    return [...this.#inFlight.values()].some(
      ({ change }) => change.kind === 'remove' && change.userId === userId,
    );
  }

  /** One op 27 payload with everything in flight but the user's own addition, or null if that is nothing. */
  allFor(userId: string): Buffer | null {
    const messages = this.#except(userId).map(([, { signed }]) => signed.message);
    return messages.length > 0 ? Buffer.concat([APPEND, vec(...messages)]) : null;
  }

  /**
   * What a user's commit covers, or null where it is not exactly all that was proposed to that user, or where
   * the same proposal is named twice (DAVE protocol, "Voice Gateway Commit Validity").
   */
  coveredBy(commit: CommitWelcome, userId: string): Covered | null {
    const expected = this.#except(userId);
    if (commit.refs.length !== expected.length || new Set(commit.refs).size !== expected.length) return null;
    const removed: number[] = [];
    const added: { userId: string; keyPackage: KeyPackage }[] = [];
    const known = new Map(expected);
    for (const ref of commit.refs) {
      const change = known.get(ref)?.change;
      if (!change) return null;
      if (change.kind === 'remove') removed.push(change.leaf);
      else added.push(change);
    }
    return expected.length > 0 ? { removed, added } : null;
  }

  /** The epoch is over. */
  clear(): void {
    this.#inFlight.clear();
  }

  #except(userId: string): [string, InFlight][] {
    return [...this.#inFlight].filter(
      ([, { change }]) => change.kind === 'remove' || change.userId !== userId,
    );
  }
}
