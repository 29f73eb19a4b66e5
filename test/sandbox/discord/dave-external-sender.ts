import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { u8, u16, u32, u64, vec } from './dave-bytes.ts';

/**
 * The voice gateway as external sender of a call's MLS group: the only one who may propose that members are
 * added or removed (DAVE protocol, "External Sender"; RFC 9420 section 12.1.8.1).
 */

const MLS_10 = u16(1);
const WIRE_PUBLIC_MESSAGE = u16(1);
const SENDER_EXTERNAL = u8(2);
const CONTENT_PROPOSAL = u8(2);
const PROPOSAL_ADD = u16(1);
const PROPOSAL_REMOVE = u16(3);
const CREDENTIAL_BASIC = u16(1);
const IDENTITY = Buffer.from('parrotfish sandbox voice gateway');
/** An uncompressed P-256 point ends the SPKI encoding of its key. */
const P256_POINT_BYTES = 65;

/** The body of a proposal: add the owner of this key package, or remove the leaf at this index. */
export type ProposalBody =
  | { readonly kind: 'add'; readonly keyPackage: Buffer }
  | { readonly kind: 'remove'; readonly leaf: number };

/** A signed proposal: the MLSMessage to broadcast, and the ProposalRef by which commits name it. */
export interface SignedProposal {
  readonly message: Buffer;
  readonly ref: Buffer;
}

/** RFC 9420 section 5.2: RefHash of an encoded value under a label, with SHA-256 as of ciphersuite 2. */
export function refHash(label: string, value: Buffer): Buffer {
  return createHash('sha256')
    .update(vec(Buffer.from(label)))
    .update(vec(value))
    .digest();
}

export class ExternalSender {
  readonly #privateKey: KeyObject;
  /** The `ExternalSender` structure that op 25 carries: signature key, then basic credential. */
  readonly package: Buffer;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-P256_POINT_BYTES);
    this.#privateKey = privateKey;
    this.package = Buffer.concat([vec(point), CREDENTIAL_BASIC, vec(IDENTITY)]);
  }

  /**
   * A proposal for that group and epoch. The signature covers no GroupContext, as the sender is external
   * (RFC 9420 section 6.1), and is DER-encoded ECDSA over the labelled content (section 5.1.2).
   */
  propose(groupId: Buffer, epoch: bigint, body: ProposalBody): SignedProposal {
    const content = Buffer.concat([
      vec(groupId),
      u64(epoch),
      SENDER_EXTERNAL,
      u32(0),
      vec(),
      CONTENT_PROPOSAL,
      body.kind === 'add' ? PROPOSAL_ADD : PROPOSAL_REMOVE,
      body.kind === 'add' ? body.keyPackage : u32(body.leaf),
    ]);
    const signed = Buffer.concat([MLS_10, WIRE_PUBLIC_MESSAGE, content]);
    const labelled = Buffer.concat([vec(Buffer.from('MLS 1.0 FramedContentTBS')), vec(signed)]);
    const authenticated = Buffer.concat([
      WIRE_PUBLIC_MESSAGE,
      content,
      vec(sign('sha256', labelled, this.#privateKey)),
    ]);
    return {
      message: Buffer.concat([MLS_10, authenticated]),
      ref: refHash('MLS 1.0 Proposal Reference', authenticated),
    };
  }
}
