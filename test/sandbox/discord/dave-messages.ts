import { createPublicKey, verify } from 'node:crypto';
import { MlsReader, u16, vec } from './dave-bytes.ts';
import { refHash } from './dave-external-sender.ts';

/** What a voice gateway must read of its members' MLS messages (RFC 9420 sections 6, 7.2, 10, 12.4). */

const MLS_10 = 1;
const CIPHERSUITE = 2;
const WIRE_PUBLIC_MESSAGE = 1;
const SENDER_MEMBER = 1;
const CONTENT_COMMIT = 3;
const PROPOSAL_BY_REFERENCE = 2;
const CREDENTIAL_BASIC = 1;
const LEAF_OF_KEY_PACKAGE = 1;
const LEAF_OF_COMMIT = 3;
const MAX_TIME = 0xffff_ffff_ffff_ffffn;
/** DER up to the point of an uncompressed P-256 key, to make a SubjectPublicKeyInfo of one (RFC 5480). */
const P256_SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

/** A key package that the gateway may put in an Add proposal. */
export interface KeyPackage {
  readonly bytes: Buffer;
  /** KeyPackageRef: by it a Welcome names its receiver. */
  readonly ref: Buffer;
}

/** A commit message and what follows it in op 28. */
export interface CommitWelcome {
  readonly commit: Buffer;
  /** The bare Welcome, empty when the commit adds no member. */
  readonly welcome: Buffer;
  readonly groupId: Buffer;
  readonly epoch: bigint;
  /** Leaf index of the committer. */
  readonly leaf: number;
  /** Hex of the proposals it commits, in order. */
  readonly refs: readonly string[];
}

interface LeafNode {
  readonly signatureKey: Buffer;
  readonly identity: Buffer;
  /** For key packages alone: [not before, not after]. */
  readonly lifetime: readonly [bigint, bigint] | null;
}

function expectThat(condition: boolean, what: string): asserts condition {
  if (!condition) throw new RangeError(`Not acceptable: ${what}`);
}

function readLeafNode(reader: MlsReader): LeafNode {
  reader.vec(); // encryption key
  const signatureKey = reader.vec();
  expectThat(reader.u16() === CREDENTIAL_BASIC, 'credential type');
  const identity = reader.vec();
  for (let list = 0; list < 5; list++) reader.vec(); // capabilities
  const source = reader.u8();
  const lifetime = source === LEAF_OF_KEY_PACKAGE ? ([reader.u64(), reader.u64()] as const) : null;
  if (source === LEAF_OF_COMMIT) reader.vec(); // parent hash
  reader.vec(); // extensions
  reader.vec(); // signature
  return { signatureKey, identity, lifetime };
}

/**
 * Reads and judges a key package (op 26) as the DAVE protocol asks ("Key Packages: Validation"): identity of
 * the user who sends it, widest lifetime, valid signature. Throws RangeError where it is not acceptable.
 */
export function readKeyPackage(bytes: Buffer, userId: string): KeyPackage {
  const reader = new MlsReader(bytes);
  expectThat(reader.u16() === MLS_10 && reader.u16() === CIPHERSUITE, 'version or ciphersuite');
  reader.vec(); // init key
  const leaf = readLeafNode(reader);
  reader.vec(); // extensions
  const signed = bytes.subarray(0, reader.offset);
  const signature = reader.vec();
  expectThat(reader.done, 'bytes after the key package');
  expectThat(leaf.identity.length === 8, 'identity length');
  expectThat(leaf.identity.readBigUInt64BE() === BigInt(userId), 'identity');
  expectThat(leaf.lifetime?.[0] === 0n && leaf.lifetime[1] === MAX_TIME, 'lifetime');
  const key = createPublicKey({
    key: Buffer.concat([P256_SPKI_PREFIX, leaf.signatureKey]),
    format: 'der',
    type: 'spki',
  });
  const labelled = Buffer.concat([vec(Buffer.from('MLS 1.0 KeyPackageTBS')), vec(signed)]);
  expectThat(verify('sha256', labelled, key, signature), 'signature');
  return { bytes, ref: refHash('MLS 1.0 KeyPackage Reference', bytes) };
}

/**
 * Reads what a member sends in op 28: a commit as PublicMessage, then a Welcome where it adds members. Throws
 * RangeError for anything else, also for proposals carried by value, which DAVE forbids.
 */
export function readCommitWelcome(bytes: Buffer): CommitWelcome {
  const reader = new MlsReader(bytes);
  expectThat(reader.u16() === MLS_10 && reader.u16() === WIRE_PUBLIC_MESSAGE, 'wire format');
  const groupId = reader.vec();
  const epoch = reader.u64();
  expectThat(reader.u8() === SENDER_MEMBER, 'sender');
  const leaf = reader.u32();
  reader.vec(); // authenticated data
  expectThat(reader.u8() === CONTENT_COMMIT, 'content');
  const proposals = new MlsReader(reader.vec());
  const refs: string[] = [];
  while (!proposals.done) {
    expectThat(proposals.u8() === PROPOSAL_BY_REFERENCE, 'proposal by value');
    refs.push(proposals.vec().toString('hex'));
  }
  if (reader.u8() === 1) {
    readLeafNode(reader); // update path
    reader.vec();
  }
  reader.vec(); // signature
  reader.vec(); // confirmation tag
  reader.vec(); // membership tag
  const commit = bytes.subarray(0, reader.offset);
  return { commit, welcome: bytes.subarray(reader.offset), groupId, epoch, leaf, refs };
}

/**
 * The part of a Welcome that is for the owner of one key package: the gateway hands each new member its own
 * secrets only (DAVE protocol, op 30). Null where the Welcome has none for it; throws RangeError if malformed.
 */
export function welcomeFor(welcome: Buffer, keyPackage: KeyPackage): Buffer | null {
  const reader = new MlsReader(welcome);
  expectThat(reader.u16() === CIPHERSUITE, 'ciphersuite of the welcome');
  const secrets = new MlsReader(reader.vec());
  const groupInfo = reader.vec();
  expectThat(reader.done, 'bytes after the welcome');
  while (!secrets.done) {
    const entry = [secrets.vec(), secrets.vec(), secrets.vec()].map(part => vec(part));
    if (entry[0]?.equals(vec(keyPackage.ref)))
      return Buffer.concat([u16(CIPHERSUITE), vec(...entry), vec(groupInfo)]);
  }
  return null;
}
