import { PermissionFlagsBits } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { SpeechCache } from '../../speech/cache.ts';
import type { Clone, Store } from '../../store/store.ts';
import type { Clones } from '../../voices/clones.ts';
import type { Choice } from '../interaction/answer.ts';
import type { Attachments } from '../interaction/attachments.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { knownGuild } from '../known-guild.ts';

// Makes and deletes clones for the commands: voices that Fish Audio makes of people's own recordings. Here is checked
// what the caller may do; the clones themselves are kept by `src/voices/clones.ts`.

export interface CloningOptions {
  readonly clones: Clones;
  readonly cache: Pick<SpeechCache, 'forgetVoice'>;
  readonly store: Pick<Store, 'guild' | 'problem'>;
  readonly attachments: Attachments;
  /** Tells something to the caller alone, after the first answer. Never rejects. */
  readonly tell: (interaction: AnyInteraction, what: Pick<UserError, 'key' | 'params'>) => Promise<void>;
}

/** What somebody gives with `/voice clone`. */
export interface CloningRequest {
  /** What they call the voice. */
  readonly name: string;
  readonly attachment: { readonly url: string; readonly size: number };
  /** Whether the caller agrees to the catalogue's `clone.statement`. */
  readonly consent: boolean;
  /** The words that are said in the recording, if the caller gave them. */
  readonly transcript: string | undefined;
}

/** The part of an interaction that tells who the caller is and in which guild. */
type Caller = Pick<AnyInteraction, 'guildId' | 'user' | 'memberPermissions'>;

export class Cloning {
  readonly #options: CloningOptions;

  constructor(options: CloningOptions) {
    this.#options = options;
  }

  /**
   * Begins to make a voice of the caller's recording; when it is done or has failed, the caller is told. Resolves
   * with whether the recording itself already serves as their voice until then. Rejects with a UserError when the
   * guild does not allow clones, the caller does not agree to the statement, or the recording cannot be used.
   */
  async begin(
    interaction: AnyInteraction,
    { name, attachment, consent, transcript }: CloningRequest,
  ): Promise<boolean> {
    const { clones, store, attachments, tell } = this.#options;
    const { settings } = await knownGuild(store, interaction.guildId);
    if (!settings.clone) throw new UserError('clone.off');
    if (!consent) throw new UserError('clone.statement');
    if (name === '') throw new UserError('clone.no-name');
    const { atOnce, kept } = await clones.make({
      guildId: interaction.guildId,
      userId: interaction.user.id,
      name,
      transcript,
      fetch: maxBytes => attachments.fetch(attachment, maxBytes),
    });
    kept.then(
      () => tell(interaction, { key: 'clone.kept', params: { name } }),
      (error: unknown) =>
        tell(interaction, error instanceof UserError ? error : new UserError('clone.trouble')),
    );
    return atOnce;
  }

  /**
   * Resolves with the clones that a caller may delete: their own, and for people who may manage the guild all of its
   * clones.
   */
  async forgettable(interaction: Caller): Promise<readonly Clone[]> {
    const { clones } = await this.#options.store.guild(interaction.guildId);
    const all = interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
    const own = clones.filter(({ userId }) => userId === interaction.user.id);
    return all ? [...own, ...clones.filter(clone => !own.includes(clone))] : own;
  }

  /** Resolves with the clones that a caller may delete, as values for an option into which they have typed `typed`. */
  async choices(interaction: Caller, typed: string): Promise<readonly Choice[]> {
    const wanted = typed.trim().toLowerCase();
    const found = (await this.forgettable(interaction)).filter(({ name }) =>
      name.toLowerCase().includes(wanted),
    );
    return found.map(({ name, voiceId }) => ({ name, value: voiceId }));
  }

  /**
   * Deletes a clone by its id or name. `everywhere` tells whether it is deleted at Fish Audio too; if not, that is
   * tried again later. Rejects with a UserError when the caller may delete no such clone, or the database cannot be
   * asked.
   */
  async forget(
    interaction: Caller,
    given: string,
  ): Promise<{ readonly name: string; readonly everywhere: boolean }> {
    const wanted = given.trim();
    await knownGuild(this.#options.store, interaction.guildId);
    const clones = await this.forgettable(interaction);
    const found =
      clones.find(({ voiceId }) => voiceId === wanted) ??
      clones.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    if (!found) throw new UserError('clone.unknown');
    const everywhere = await this.#options.clones.forget(interaction.guildId, found.voiceId);
    this.#options.cache.forgetVoice(found.voiceId);
    return { name: found.name, everywhere };
  }

  /** Deletes what the bot keeps of the caller in all guilds, with their clones. */
  async forgetPerson(interaction: Caller): Promise<void> {
    await this.#options.clones.forgetPerson(interaction.user.id);
  }

  /**
   * Throws a UserError when the caller may not use a voice: it is another person's clone, or their own of another
   * guild.
   */
  check(interaction: Caller, voice: string): void {
    const { guildId, user } = interaction;
    this.#options.clones.checkUse(voice, { guildId, userId: user.id });
  }

  /**
   * Throws `refusal` when a voice is anybody's clone, because a clone cannot be the voice of a whole guild. Throws a
   * UserError also while the database cannot tell whose it is.
   */
  checkForAll(voice: string, refusal = new UserError('clone.not-for-all')): void {
    const { clones } = this.#options;
    if (clones.mayUse(voice, { guildId: '', userId: '' })) return;
    throw clones.ownersKnown ? refusal : new UserError('clone.owner-unknown');
  }
}
