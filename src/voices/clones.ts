import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  asReference,
  inspectRecording,
  MAX_RECORDING_BYTES,
  type Recording,
} from '../audio/recording/recording.ts';
import { UserError } from '../errors.ts';
import { FishError } from '../fish/errors.ts';
import type { VoiceReference } from '../fish/request.ts';
import type { Voices } from '../fish/voices.ts';
import type { Logger } from '../log.ts';
import type { Store } from '../store/store.ts';
import { Removals } from './removals.ts';
import { STATEMENT_VERSION } from './statement.ts';
import { makingTrouble, recordingTrouble } from './trouble.ts';

// Makes a voice at Fish Audio from a person's own recording (a clone), keeps it in the store, and deletes it again.
// Change here how many clones are allowed and how long recordings may be. `removals.ts` deletes at Fish Audio.

/** The most clones that are made at the same time, because each holds its recording in memory. */
const MAX_AT_ONCE = 4;
/** The most clones of one person in one guild. */
const MAX_OF_PERSON = 3;
/** While a clone is being made, its recording is sent with each line, cut to this many seconds. */
const REFERENCE_SECONDS = 30;
/** A larger recording is not sent with lines. 30 s of CD sound have about as many bytes. */
const MAX_REFERENCE_BYTES = 6 * 1024 * 1024;
/** How long the process, when it ends, waits at most for the clones that are being made. */
const LAST_MS = 3_000;

/** One person's request for a clone. */
export interface CloneRequest {
  readonly guildId: string;
  readonly userId: string;
  readonly name: string;
  /** The words that are said in the recording, if they are known. */
  readonly transcript: string | undefined;
  /** Downloads the recording, which may have up to `maxBytes`. It is called once there is room for it in memory. */
  readonly fetch: (maxBytes: number) => Promise<Uint8Array>;
}

interface Making {
  readonly guildId: string;
  readonly userId: string;
  /**
   * The voice that the person had chosen before, or an earlier clone of theirs that was chosen when it was made. If
   * they choose another one meanwhile, that one stays chosen.
   */
  before: string | null;
  reference: VoiceReference | undefined;
  /**
   * False when the person has had all their data deleted meanwhile, in this process or in another one, or when nobody
   * knows whether they have; then the clone must not be kept.
   */
  wanted: boolean;
}

export interface ClonesOptions {
  readonly voices: Pick<Voices, 'create' | 'delete'>;
  readonly store: Store;
  readonly log: Logger;
}

/**
 * Makes and deletes clones, at Fish Audio and in the store. Recordings are held in memory only.
 */
export class Clones implements AsyncDisposable {
  readonly #options: ClonesOptions;
  readonly #removals: Removals;
  readonly #life = new AbortController();
  readonly #making = new Set<Making>();
  readonly #kept = new Set<Promise<void>>();

  /** Begins at once to delete at Fish Audio the voices that an earlier process was to delete. */
  constructor(options: ClonesOptions) {
    this.#options = options;
    this.#removals = new Removals(options);
    void this.#removals.look();
    options.store.onDeletedPerson(userId => this.#stopMaking(userId));
  }

  /**
   * Begins to make a clone for somebody who has agreed to the statement. `atOnce` says whether their lines are spoken
   * from the recording itself until the clone is made (see `referenceOf`). `kept` resolves when the clone is made,
   * saved and chosen; it rejects with UserError when that failed, and then nothing is left of it. Rejects with
   * UserError if the recording cannot be used or there are too many clones already.
   */
  async make(request: CloneRequest): Promise<{ readonly atOnce: boolean; readonly kept: Promise<void> }> {
    const { guildId, userId } = request;
    const { store } = this.#options;
    const { people, clones } = await store.guild(guildId);
    if (store.problem !== null) throw new UserError(`store.${store.problem}`);
    const inHand = [...this.#making].filter(making => making.guildId === guildId && making.userId === userId);
    if (clones.filter(clone => clone.userId === userId).length + inHand.length >= MAX_OF_PERSON)
      throw new UserError('clone.too-many', { limit: MAX_OF_PERSON });
    if (this.#making.size >= MAX_AT_ONCE) throw new UserError('clone.busy');
    const before = people.get(userId)?.voice ?? null;
    const making: Making = { guildId, userId, before, reference: undefined, wanted: true };
    this.#making.add(making);
    try {
      const bytes = await request.fetch(MAX_RECORDING_BYTES);
      const recording = await inspectRecording(bytes, this.#life);
      const reference = await this.#referenceOf(recording, request.transcript);
      if (!making.wanted) throw new UserError('clone.unwanted');
      making.reference = reference;
      const kept = this.#keep(making, request, bytes, recording).finally(() => this.#making.delete(making));
      this.#kept.add(kept);
      const settled = () => this.#kept.delete(kept);
      kept.then(settled, settled);
      return { atOnce: making.reference !== undefined, kept };
    } catch (error) {
      this.#making.delete(making);
      throw recordingTrouble(error);
    }
  }

  /**
   * The recording that is used for somebody's lines while their clone is being made. Undefined when none is being made,
   * or when `chosen`, the voice that the person has chosen now, is no longer the one from before.
   */
  referenceOf(guildId: string, userId: string, chosen: string | null): VoiceReference | undefined {
    const own = [...this.#making].findLast(
      making => making.guildId === guildId && making.userId === userId && making.reference,
    );
    return own?.before === chosen ? own.reference : undefined;
  }

  /** Whether somebody may use a voice (see `CloneStore.mayUse`). */
  mayUse(voiceId: string, who: { readonly guildId: string; readonly userId: string }): boolean {
    return this.#options.store.clones.mayUse(voiceId, who);
  }

  /** False while it is not known whose the voices are; then nobody may use any voice. */
  get ownersKnown(): boolean {
    return this.#options.store.clones.ownersKnown;
  }

  /** Throws UserError if somebody may not use a voice. */
  checkUse(voiceId: string, who: { readonly guildId: string; readonly userId: string }): void {
    if (this.mayUse(voiceId, who)) return;
    throw new UserError(this.ownersKnown ? 'clone.not-yours' : 'clone.owner-unknown');
  }

  /**
   * Deletes a clone. Resolves with true if it is gone at Fish Audio too, and with false if that is still being tried.
   */
  async forget(guildId: string, voiceId: string): Promise<boolean> {
    await this.#options.store.clones.forget(guildId, voiceId);
    return await this.#removals.look();
  }

  /**
   * Deletes everything that is kept of a person. Their clones are deleted at Fish Audio as soon as that is possible.
   */
  async forgetPerson(userId: string): Promise<void> {
    this.#stopMaking(userId);
    await this.#options.store.deletePerson(userId);
    void this.#removals.look();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const done = Promise.allSettled(this.#kept);
    await Promise.race([done, sleep(LAST_MS, undefined, { ref: false })]);
    this.#life.abort();
    await done;
    await this.#removals[Symbol.asyncDispose]();
  }

  /** Has the clones that the same person asked for later take the place of the one that was made and chosen. */
  #chosen(made: Making, voiceId: string): void {
    const all = [...this.#making];
    for (const making of all.slice(all.indexOf(made) + 1))
      if (making.guildId === made.guildId && making.userId === made.userId && making.before === made.before)
        making.before = voiceId;
  }

  /** Keeps none of somebody's clones that are being made, or, with null, of anybody's. */
  #stopMaking(userId: string | null): void {
    for (const making of this.#making)
      if (userId === null || making.userId === userId) {
        making.wanted = false;
        making.reference = undefined;
      }
  }

  /** The recording cut to what Fish Audio takes with a line; undefined when it cannot be cut so short. */
  async #referenceOf(recording: Recording, transcript = ''): Promise<VoiceReference | undefined> {
    const { signal } = this.#life;
    const { audio, seconds } = await asReference(recording, { signal, maxSeconds: REFERENCE_SECONDS });
    if (seconds > REFERENCE_SECONDS || audio.length > MAX_REFERENCE_BYTES) return undefined;
    // If only a part is left, nobody knows which of the words are said in it.
    return { audio, text: seconds < recording.seconds ? '' : transcript };
  }

  async #keep(
    making: Making,
    { guildId, userId, name, transcript }: CloneRequest,
    bytes: Uint8Array,
    recording: Recording,
  ): Promise<void> {
    const { voices, store, log } = this.#options;
    const createdAt = Date.now();
    const audioHash = createHash('sha256').update(bytes).digest('hex');
    try {
      const title = name;
      // Fish Audio takes WAV, MP3 and FLAC. A voice message of Discord is none of them, and so it is converted.
      const { audio } = await asReference(recording, { signal: this.#life.signal });
      const voiceId = await voices.create({ title, audio, transcript }, this.#life.signal);
      try {
        const now = await store.guild(guildId);
        if (!making.wanted) throw new UserError('clone.unwanted');
        const chosen = (now.people.get(userId)?.voice ?? null) === making.before;
        const clone = { voiceId, userId, name, createdAt, audioHash, statementVersion: STATEMENT_VERSION };
        await store.clones.save(guildId, clone, { chosen });
        if (chosen) this.#chosen(making, voiceId);
        // Another process may have deleted all that was kept just before; its word comes a moment later.
        if (!making.wanted) throw new UserError('clone.unwanted');
      } catch (error) {
        this.#removals.add(voiceId, guildId);
        throw error;
      }
      log.info({ guildId, seconds: Math.round(recording.seconds), kind: recording.kind }, 'a voice was made');
    } catch (error) {
      if (error instanceof UserError) throw error;
      // No more than this is logged of Fish Audio's answer, since the answer may repeat the clone's name.
      const about = error instanceof FishError ? { kind: error.kind, status: error.status } : { err: error };
      log.warn({ guildId, ...about }, 'no voice was made of a recording');
      throw makingTrouble(error);
    }
  }
}
