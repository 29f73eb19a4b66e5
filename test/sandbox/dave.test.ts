import { DAVESession } from '@snazzah/davey';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MlsReader, u64, vec } from './discord/dave-bytes.ts';
import { DaveEpoch } from './discord/dave-epoch.ts';
import { ExternalSender } from './discord/dave-external-sender.ts';
import { readCommitWelcome, readKeyPackage, welcomeFor } from './discord/dave-messages.ts';
import { Roster } from './discord/dave-roster.ts';

const CHANNEL = '900000000000000001';
const [ANA, BEN, CAT] = ['11', '22', '33'] as const;

test('vectors of any length are read back', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ minLength: 16_380, maxLength: 16_390 })),
      ),
      parts => {
        const reader = new MlsReader(Buffer.concat(parts.map(part => vec(part))));
        for (const part of parts) expect(reader.vec().equals(part)).toBe(true);
        expect(reader.done).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test('readers refuse any bytes with RangeError alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      const buffer = Buffer.from(bytes);
      expect(() => readCommitWelcome(Buffer.concat([Buffer.of(0, 1, 0, 1), buffer]))).toThrow(RangeError);
      expect(() => readKeyPackage(Buffer.concat([Buffer.of(0, 1, 0, 2), buffer]), ANA)).toThrow(RangeError);
    }),
  );
});

test('a roster gives the leftmost blank leaf, removals first', () => {
  const three = new Roster().after([], [ANA, BEN, CAT]);
  expect([ANA, BEN, CAT].map(user => three.leafOf(user))).toEqual([0, 1, 2]);
  const next = three.after([0, 1], ['44']);
  expect([ANA, BEN, CAT, '44'].map(user => next.leafOf(user))).toEqual([-1, -1, 2, 0]);
  expect(next.after([], ['55']).leafOf('55')).toBe(1);
});

describe('an epoch', () => {
  /** Three people with local groups, and all their additions proposed. */
  function scene() {
    const sender = new ExternalSender();
    const epoch = new DaveEpoch(CHANNEL, sender);
    const people = new Map(
      [ANA, BEN, CAT].map((userId: string) => {
        const session = new DAVESession(1, userId, CHANNEL);
        session.setExternalSender(sender.package);
        const keyPackage = readKeyPackage(session.getSerializedKeyPackage(), userId);
        return [userId, { session, keyPackage }] as const;
      }),
    );
    const person = (userId: string) => {
      const found = people.get(userId);
      if (!found) throw new Error(`no ${userId}`);
      return found;
    };
    const add = (userId: string) => epoch.proposeAdd(userId, person(userId).keyPackage);
    /** Takes op 27 as a member does; returns its op 28. */
    const commit = (userId: string, payload: Buffer | null): Buffer => {
      if (!payload) throw new Error('nothing is proposed');
      const { session } = person(userId);
      const result = session.processProposals(payload.readUInt8(), payload.subarray(1), [ANA, BEN, CAT]);
      return Buffer.concat([result.commit ?? Buffer.alloc(0), result.welcome ?? Buffer.alloc(0)]);
    };
    return { sender, epoch, person, add, commit };
  }

  test('takes the first valid commit and no other', () => {
    const { epoch, person, add, commit } = scene();
    for (const user of [ANA, BEN]) add(user);
    const first = commit(ANA, epoch.proposalsFor(ANA));
    const second = commit(BEN, epoch.proposalsFor(BEN));
    const accepted = epoch.accept(ANA, first);
    expect(accepted).toMatchObject({ stay: [ANA], members: [ANA, BEN], added: [{ userId: BEN }] });
    expect(epoch.accept(BEN, second)).toBeNull();
    expect(epoch.accept(ANA, first)).toBeNull();
    person(ANA).session.processCommit(accepted?.commit ?? Buffer.alloc(0));
    person(BEN).session.processWelcome(accepted?.added[0]?.welcome ?? Buffer.alloc(0));
    expect(person(BEN).session.voicePrivacyCode).toBe(person(ANA).session.voicePrivacyCode);
  });

  test('refuses a commit that leaves out a proposal, or has one that was taken back', () => {
    const { epoch, add, commit } = scene();
    add(BEN);
    const withoutCat = commit(ANA, epoch.proposalsFor(ANA));
    const addCat = add(CAT);
    expect(epoch.accept(ANA, withoutCat)).toBeNull();
    const withCat = commit(ANA, addCat);
    const revoked = epoch.revokeAdd(CAT);
    expect(epoch.accept(ANA, withCat)).toBeNull();
    // davey leaves out the welcome after a revocation, so Ben's addition is proposed anew.
    expect(epoch.accept(ANA, commit(ANA, revoked))).toBeNull();
    commit(ANA, epoch.revokeAdd(BEN));
    expect(epoch.accept(ANA, commit(ANA, add(BEN)))).toMatchObject({ members: [ANA, BEN] });
  });

  test('refuses a commit in another name, and one without its welcome', () => {
    const { epoch, person, add, commit } = scene();
    for (const user of [ANA, BEN]) add(user);
    const bytes = commit(ANA, epoch.proposalsFor(ANA));
    expect(epoch.accept(ANA, readCommitWelcome(bytes).commit)).toBeNull();
    expect(epoch.accept(BEN, bytes)).toBeNull();
    const accepted = epoch.accept(ANA, bytes);
    person(BEN).session.processWelcome(accepted?.added[0]?.welcome ?? Buffer.alloc(0));
    const next = commit(BEN, add(CAT));
    expect(epoch.accept(ANA, next)).toBeNull();
    expect(epoch.accept(CAT, next)).toBeNull();
    expect(epoch.accept(BEN, next)).toMatchObject({ stay: [ANA, BEN], members: [ANA, BEN, CAT] });
  });

  test('gives each new member its own secrets alone', () => {
    const { epoch, person, add, commit } = scene();
    for (const user of [BEN, CAT]) add(user);
    const bytes = commit(ANA, epoch.proposalsFor(ANA));
    const { welcome } = readCommitWelcome(bytes);
    const forBen = welcomeFor(welcome, person(BEN).keyPackage);
    expect(forBen?.length).toBeLessThan(welcome.length);
    expect(forBen && welcomeFor(forBen, person(CAT).keyPackage)).toBeNull();
    expect(() => person(CAT).session.processWelcome(forBen ?? Buffer.alloc(0))).toThrow();
    person(BEN).session.processWelcome(forBen ?? Buffer.alloc(0));
    expect(person(BEN).session.getUserIds().toSorted()).toEqual([ANA, BEN, CAT]);
  });
});

test('a key package is taken from its owner alone, unchanged', () => {
  const session = new DAVESession(1, ANA, CHANNEL);
  session.setExternalSender(new ExternalSender().package);
  const bytes = session.getSerializedKeyPackage();
  expect(readKeyPackage(bytes, ANA).bytes).toBe(bytes);
  expect(() => readKeyPackage(bytes, BEN)).toThrow(/identity/);
  const identity = bytes.indexOf(u64(BigInt(ANA)));
  const changed = Buffer.from(bytes);
  changed.writeUInt8((changed.at(-1) ?? 0) ^ 1, changed.length - 1);
  expect(identity).toBeGreaterThan(0);
  expect(() => readKeyPackage(changed, ANA)).toThrow(RangeError);
});
