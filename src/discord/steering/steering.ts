import { UserError } from '../../errors.ts';
import type { Line } from '../../speech/line.ts';
import type { Session } from '../../speech/session.ts';
import { type Callers, isOfOthers } from '../interaction/callers.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import type { Wording } from '../notices.ts';
import type { CallRequests } from '../presence/call-requests.ts';
import type { ShownSteering } from './shown-steering.ts';

// Pauses, resumes, skips and stops the speech for people who may do so, whether they use a command or a button.
// `shown-steering.ts` shows everybody in the channel who has done it.

export interface SteeringOptions {
  readonly callers: Pick<Callers, 'maySilenceOthers' | 'steers'>;
  readonly callRequests: Pick<CallRequests, 'stop'>;
  readonly shown: ShownSteering;
}

/**
 * Each method returns what the caller is told, and throws a UserError when they may not do it. `pressed` is the id of
 * the message whose button was pressed; the answer to the press brings that message up to date.
 */
export class Steering {
  readonly #options: SteeringOptions;

  constructor(options: SteeringOptions) {
    this.#options = options;
  }

  /** Holds the speech until `resume`. Nothing is lost. */
  async pause(interaction: AnyInteraction, pressed?: string): Promise<Wording> {
    const { callers, shown } = this.#options;
    const session = callers.steers(interaction);
    if (session.paused) return { key: 'pause.already', params: {} };
    const { current } = session.conversation.lines;
    if (current && isOfOthers(current, interaction)) await this.#checkMaySilenceOthers(interaction);
    session.pause();
    shown.paused(interaction.guild, { userId: interaction.user.id, session, pressed });
    return { key: 'pause.done', params: {} };
  }

  /** Goes on with the speech after a pause. */
  resume(interaction: AnyInteraction, pressed?: string): Wording {
    const { callers, shown } = this.#options;
    const session = callers.steers(interaction);
    if (!session.paused) return { key: 'resume.not-paused', params: {} };
    session.resume();
    shown.resumed(interaction.guild, { userId: interaction.user.id, pressed });
    const { hindrance, trouble } = session;
    if (hindrance) return { key: 'resume.held', params: { why: [`hindrance.${hindrance}`] } };
    return trouble ?? { key: 'resume.done', params: {} };
  }

  /** Ends the line that is being said. Other people's lines end only for callers who may silence others. */
  async skip(interaction: AnyInteraction): Promise<Wording> {
    const { callers, shown } = this.#options;
    const session = callers.steers(interaction);
    const { current } = session.conversation.lines;
    if (!current) return { key: 'nothing-said', params: {} };
    const isOwn = current.speakerId === interaction.user.id;
    if (!isOwn && isOfOthers(current, interaction)) await this.#checkMaySilenceOthers(interaction);
    // The question above took a moment. By now the bot may be saying another person's line, which must not be skipped.
    if (session.conversation.lines.current === current) {
      session.conversation.skip();
      shown.skipped(interaction.guild, interaction.user.id);
    }
    return { key: 'skip.done', params: {} };
  }

  /** Silences the bot and empties the queue. Callers who may not silence others leave others' lines. */
  async stop(interaction: AnyInteraction): Promise<Wording> {
    const { callers, callRequests, shown } = this.#options;
    const session = callers.steers(interaction);
    const ofOthers = linesOf(session).some(line => isOfOthers(line, interaction));
    const mayAll = callers.maySilenceOthers(interaction);
    const count = await callRequests.stop(
      session,
      mayAll.then(all => (all ? undefined : [interaction.user.id, interaction.client.user.id])),
    );
    const all = await mayAll;
    if (count === 0)
      return {
        key: all || !session.conversation.lines.current ? 'nothing-said' : 'moderators-only',
        params: {},
      };
    const goesOn = !all && linesOf(session).length > 0;
    const { id: userId } = interaction.user;
    shown.stopped(interaction.guild, { userId, count, ofOthers: all && ofOthers, goesOn });
    return { key: goesOn ? 'stop.own' : 'stop.done', params: { count } };
  }

  async #checkMaySilenceOthers(interaction: AnyInteraction): Promise<void> {
    if (!(await this.#options.callers.maySilenceOthers(interaction))) throw new UserError('moderators-only');
  }
}

function linesOf({ conversation }: Session): readonly Line[] {
  const { current, waiting } = conversation.lines;
  return current ? [current, ...waiting] : waiting;
}
