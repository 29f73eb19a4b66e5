import { ButtonStyle } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { Answer, ComponentOwner } from '../interaction/answer.ts';
import { button, buttonRow } from '../interaction/buttons.ts';
import type { AnyInteraction, ComponentInteraction } from '../interaction/interaction.ts';
import type { Cloning } from '../voices/cloning.ts';

// Asks a person who uses `/privacy delete` whether everything that the bot keeps of them shall be deleted, and has it
// deleted when they press the button. `voices/cloning.ts` passes the deletion on.

export interface PersonDeletionOptions {
  readonly cloning: Pick<Cloning, 'forgetPerson'>;
  /** The present time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * The custom ids of the buttons begin with this. Behind it stand the action, the id of the person who was asked, and
 * the time until which they can answer, in milliseconds since 1970.
 */
const PREFIX = 'privacy';
/** The question can be answered for this long. */
const ASKED_FOR_MS = 300_000;

/**
 * Only the person who was asked can answer, within five minutes. The buttons hold all that is needed, so they also work
 * after a restart.
 */
export class PersonDeletion implements ComponentOwner {
  readonly name = 'deletion of a person';
  readonly #cloning: Pick<Cloning, 'forgetPerson'>;
  readonly #now: () => number;

  constructor({ cloning, now = Date.now }: PersonDeletionOptions) {
    this.#cloning = cloning;
    this.#now = now;
  }

  /** Returns the question whether everything shall be deleted. */
  ask({ user }: Pick<AnyInteraction, 'user'>, t: Translate): Answer {
    const until = String(this.#now() + ASKED_FOR_MS);
    const idOf = (action: string) => [PREFIX, action, user.id, until].join(':');
    return {
      text: t('privacy.ask'),
      rows: [
        buttonRow(
          button(idOf('delete'), t('privacy.delete'), { style: ButtonStyle.Danger }),
          button(idOf('keep'), t('privacy.keep')),
        ),
      ],
    };
  }

  owns(customId: string): boolean {
    return customId.startsWith(`${PREFIX}:`);
  }

  /** Deletes or keeps, as the person who was asked decides. Rejects with a UserError for anybody else. */
  async answer(interaction: ComponentInteraction, t: Translate): Promise<Answer> {
    const [, action, userId, until] = interaction.customId.split(':');
    if (userId !== interaction.user.id) throw new UserError('privacy.not-yours');
    if (action === 'keep') return { text: t('privacy.kept'), rows: [] };
    if (action !== 'delete' || !(this.#now() < Number(until)))
      return { text: t('privacy.expired'), rows: [] };
    await this.#cloning.forgetPerson(interaction);
    return { text: t('privacy.deleted'), rows: [] };
  }
}
