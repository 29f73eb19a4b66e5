import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { Answer, ComponentOwner } from '../interaction/answer.ts';
import type { ComponentInteraction } from '../interaction/interaction.ts';
import { type QueueFacts, queueText } from '../interaction/queue-text.ts';
import type { Wording } from '../notices.ts';
import type { ShownSteering } from './shown-steering.ts';
import type { Steering } from './steering.ts';
import { actionOf, isOnNotice, isSteeringId } from './steering-message.ts';

// Answers presses of the steering buttons, which pause, resume, skip or stop the speech or show the queue. They stand
// below the message that the bot has come and below the notice of a pause. `steering-message.ts` draws them, and
// `steering.ts` does what they ask for.

export interface SteeringButtonsOptions extends QueueFacts {
  readonly steering: Steering;
  readonly shown: ShownSteering;
}

/**
 * Whoever presses a button needs the same rights as for the command of the same name. The buttons of old messages do
 * the same as those of new ones.
 */
export class SteeringButtons implements ComponentOwner {
  readonly name = 'steering buttons';
  readonly #options: SteeringButtonsOptions;

  constructor(options: SteeringButtonsOptions) {
    this.#options = options;
  }

  owns(customId: string): boolean {
    return isSteeringId(customId);
  }

  /** Does what a pressed button asks for. Rejects with a UserError when the caller may not do that. */
  async answer(interaction: ComponentInteraction, t: Translate): Promise<Answer> {
    const { shown, steering } = this.#options;
    const told = ({ key, params }: Wording) => t(key, params);
    const { guild, message } = interaction;
    const pressed = message?.id;
    if (message && !isOnNotice(interaction.customId))
      shown.adopt(guild, { id: message.id, channelId: message.channelId, text: message.content });
    switch (actionOf(interaction.customId)) {
      case 'queue':
        return queueText(interaction, this.#options, t);
      case 'skip':
        return told(await steering.skip(interaction));
      case 'stop':
        return told(await steering.stop(interaction));
      case 'pause':
        await steering.pause(interaction, pressed);
        return this.#upToDate(interaction);
      case 'resume': {
        const { key } = steering.resume(interaction, pressed);
        return isOnNotice(interaction.customId)
          ? this.#noticeOver(interaction, { resumed: key !== 'resume.not-paused' })
          : this.#upToDate(interaction);
      }
      case null:
        throw new UserError('steer.outdated');
    }
  }

  /** Returns the message whose button was pressed, as it is after that. */
  #upToDate({ guild, message }: ComponentInteraction): Answer {
    return this.#options.shown.now(guild, message?.content ?? '');
  }

  /** Returns the notice of a pause that is over. `resumed` is false if somebody else has ended the pause before. */
  #noticeOver({ guild, message, user }: ComponentInteraction, { resumed }: { resumed: boolean }): Answer {
    const { shown } = this.#options;
    return { text: resumed ? shown.resumedText(guild, user.id) : (message?.content ?? ''), rows: [] };
  }
}
