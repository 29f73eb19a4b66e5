import { PermissionFlagsBits } from 'discord.js';
import type { Clones } from '../../voices/clones.ts';
import { UserError } from '../../errors.ts';
import type { Clone, Store } from '../../store/store.ts';
import type { Attachments } from '../interaction/attachments.ts';
import type { Choice } from '../interaction/answer.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { knownGuild } from '../known-guild.ts';

export interface CloningOptions {
  readonly clones: Clones;
  readonly store: Pick<Store, 'guild' | 'problem'>;
  readonly attachments: Attachments;
  /** Tells the caller alone, after the first answer. Never rejects. */
  readonly tell: (interaction: AnyInteraction, what: Pick<UserError, 'key' | 'params'>) => Promise<void>;
}

export interface CloningRequest {
  readonly name: string;
  readonly attachment: { readonly url: string; readonly size: number };
  /** The caller agrees to the catalogue's `clone.statement`. */
  readonly consent: boolean;
  readonly transcript: string | undefined;
}

/** Who a caller is, where. */
type Caller = Pick<AnyInteraction, 'guildId' | 'user' | 'memberPermissions'>;

/** People's own voices, as commands see them. */
export class Cloning {
  readonly #options: CloningOptions;

  constructor(options: CloningOptions) {
    this.#options = options;
  }

  /**
   * Begins to make a voice of the caller's recording, and tells them what became of it. Resolves with whether they are
   * said by the recording itself until then. Throws a UserError where that is off, not agreed to, or cannot be.
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

  /** The voices that a caller may have deleted: their own, and of those who manage the server all of its. */
  async forgettable(interaction: Caller): Promise<readonly Clone[]> {
    const { clones } = await this.#options.store.guild(interaction.guildId);
    const all = interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
    const own = clones.filter(({ userId }) => userId === interaction.user.id);
    return all ? [...own, ...clones.filter(clone => !own.includes(clone))] : own;
  }

  /** The same as values for an option in which `typed` stands. */
  async choices(interaction: Caller, typed: string): Promise<readonly Choice[]> {
    const wanted = typed.trim().toLowerCase();
    const found = (await this.forgettable(interaction)).filter(({ name }) =>
      name.toLowerCase().includes(wanted),
    );
    return found.map(({ name, voiceId }) => ({ name, value: voiceId }));
  }

  /** Deletes a voice by its id or name. Throws a UserError where the caller has none of that. */
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
    return {
      name: found.name,
      everywhere: await this.#options.clones.forget(interaction.guildId, found.voiceId),
    };
  }

  /** Deletes everything of the caller. */
  forgetPerson(interaction: Caller): Promise<void> {
    return this.#options.clones.forgetPerson(interaction.user.id);
  }

  /** Throws a UserError where a voice is somebody else's own, or the caller's own in another server. */
  check(interaction: Caller, voice: string): void {
    const { guildId, user } = interaction;
    this.#options.clones.checkUse(voice, { guildId, userId: user.id });
  }

  /** Throws a UserError where a voice is anybody's own: it cannot be a whole server's. */
  checkForAll(voice: string): void {
    const { clones } = this.#options;
    if (clones.mayUse(voice, { guildId: '', userId: '' })) return;
    throw new UserError(clones.ownersKnown ? 'clone.not-for-all' : 'clone.owner-unknown');
  }
}
