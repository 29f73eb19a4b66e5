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
import type { Voices } from '../fish/voices.ts';
import type { Logger } from '../log.ts';
import type { Store } from '../store/store.ts';
import { Removals } from './removals.ts';
import { STATEMENT_VERSION } from './statement.ts';
import { makingTrouble, recordingTrouble } from './trouble.ts';

/** Voices made at the same time: each holds its recording in memory. */
const MAX_AT_ONCE = 4;
/** Voices of one person in one server. */
const MAX_OF_PERSON = 3;
/** What Fish Audio wants of a recording that is sent with the words. */
const REFERENCE_SECONDS = 30;
/** 30 s of CD sound; it is sent with every line. */
const MAX_REFERENCE_BYTES = 6 * 1024 * 1024;
/** At the end, voices that are being made have so long. */
const LAST_MS = 3_000;

export interface CloneRequest {
  readonly guildId: string;
  readonly userId: string;
  readonly name: string;
  /** The words said in the recording, if they are known. */
  readonly transcript: string | undefined;
  /** Gets the recording; called once there is room for it. */
  readonly fetch: (maxBytes: number) => Promise<Uint8Array>;
}

/** A recording that stands for a voice; see `Manner`. */
export interface VoiceReference {
  readonly audio: Uint8Array;
  readonly text: string;
}

interface Making {
  readonly guildId: string;
  readonly userId: string;
  /** The voice they had chosen before: what they choose meanwhile comes before their own. */
  readonly before: string | null;
  reference: VoiceReference | undefined;
  /** False: they have had everything of theirs deleted meanwhile. */
  wanted: boolean;
}

export interface ClonesOptions {
  readonly voices: Pick<Voices, 'create' | 'delete'>;
  readonly store: Store;
  readonly log: Logger;
}

/** Voices made of people's own recordings, at Fish Audio and in the store. Recordings are held in memory only. */
export class Clones implements AsyncDisposable {
  readonly #options: ClonesOptions;
  readonly #removals: Removals;
  readonly #life = new AbortController();
  readonly #making = new Set<Making>();
  readonly #kept = new Set<Promise<void>>();

  /** Begins to delete at Fish Audio what is left of an earlier run. */
  constructor(options: ClonesOptions) {
    this.#options = options;
    this.#removals = new Removals(options);
    void this.#removals.look();
  }

  /**
   * Begins to make somebody's own voice, who has agreed to the statement. `atOnce`: until it is made, they are said by
   * the recording itself (see `referenceOf`); `kept` resolves when it is made, saved and chosen, or rejects with
   * UserError, and then nothing is left of it. Throws a UserError for a recording that cannot be used, and where there
   * are too many already.
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
      making.reference = await this.#referenceOf(recording, request.transcript);
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

  /** The recording that stands for somebody's own voice until that is made; `chosen`: the voice they have chosen. */
  referenceOf(guildId: string, userId: string, chosen: string | null): VoiceReference | undefined {
    const own = [...this.#making].findLast(
      making => making.guildId === guildId && making.userId === userId && making.reference,
    );
    return own?.before === chosen ? own.reference : undefined;
  }

  /** See `Store`. */
  mayUse(voiceId: string, who: { readonly guildId: string; readonly userId: string }): boolean {
    return this.#options.store.mayUseVoice(voiceId, who);
  }

  /** False: nobody knows yet whose the voices are, and nobody may use any by its id. */
  get ownersKnown(): boolean {
    return this.#options.store.voiceOwnersKnown;
  }

  /** Throws a UserError where somebody may not use a voice. */
  checkUse(voiceId: string, who: { readonly guildId: string; readonly userId: string }): void {
    if (this.mayUse(voiceId, who)) return;
    throw new UserError(this.ownersKnown ? 'clone.not-yours' : 'clone.owner-unknown');
  }

  /** Deletes a voice; resolves with whether Fish Audio has deleted it too, else it will as soon as it can. */
  async forget(guildId: string, voiceId: string): Promise<boolean> {
    await this.#options.store.forgetClone(guildId, voiceId);
    return await this.#removals.look();
  }

  /** Deletes everything of a person, their voices too; Fish Audio deletes those as soon as it can. */
  async forgetPerson(userId: string): Promise<void> {
    for (const making of this.#making)
      if (making.userId === userId) {
        making.wanted = false;
        making.reference = undefined;
      }
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

  /** Undefined: it cannot be cut to what Fish Audio takes with the words. */
  async #referenceOf(recording: Recording, transcript = ''): Promise<VoiceReference | undefined> {
    const { signal } = this.#life;
    const { audio, seconds } = await asReference(recording, { signal, maxSeconds: REFERENCE_SECONDS });
    if (seconds > REFERENCE_SECONDS || audio.length > MAX_REFERENCE_BYTES) return undefined;
    // Of a part nobody knows which words are said in it.
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
      // Fish Audio names WAV, MP3 and FLAC; a voice message of Discord is none of them.
      const { audio } = await asReference(recording, { signal: this.#life.signal });
      const voiceId = await voices.create({ title, audio, transcript }, this.#life.signal);
      try {
        const now = await store.guild(guildId);
        if (!making.wanted) throw new UserError('clone.unwanted');
        const chosen = (now.people.get(userId)?.voice ?? null) === making.before;
        const clone = { voiceId, userId, name, createdAt, audioHash, statementVersion: STATEMENT_VERSION };
        await store.saveClone(guildId, clone, { chosen });
      } catch (error) {
        this.#removals.add(voiceId);
        throw error;
      }
      log.info({ guildId, seconds: Math.round(recording.seconds), kind: recording.kind }, 'a voice was made');
    } catch (error) {
      if (error instanceof UserError) throw error;
      // Of what Fish answers no more: it may have the name in it.
      const about = error instanceof FishError ? { kind: error.kind, status: error.status } : { err: error };
      log.warn({ guildId, ...about }, 'no voice was made of a recording');
      throw makingTrouble(error);
    }
  }
}
