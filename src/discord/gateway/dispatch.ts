import { type AutocompleteInteraction, RESTJSONErrorCodes, type RepliableInteraction } from 'discord.js';
import { errorCode, UserError } from '../../errors.ts';
import { type Translate, translator } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import { later, part, walled } from '../../walls.ts';
import type { Answer, Choice } from '../interaction/answer.ts';
import type { SlashCommand } from '../interaction/command.ts';
import type { FollowUps } from '../interaction/follow-ups.ts';
import type { CompletionInteraction } from '../interaction/interaction.ts';
import type { Services } from '../interaction/services.ts';
import { deliver } from './reply.ts';
import { showThinking } from './thinking.ts';

// Runs one use of a command, menu, button or form, shows "thinking" if that takes long, and turns errors into words for
// the caller. `interactions.ts` finds what is to be run, and `reply.ts` sends the answer.

/**
 * An interaction that takes longer than this shows "thinking" first. Discord waits 3 s for an answer, but people
 * begin to wonder after half a second.
 */
const DEFER_AFTER_MS = 200;
/**
 * Where the answer is to be a form, "thinking" is shown later, since Discord opens no form behind it. It is still shown
 * in time, so that people can be told what is wrong.
 */
const DEFER_FORM_AFTER_MS = 2_000;
/** The most values that Discord offers for an option that is being typed. */
const MAX_CHOICES = 25;

/** Discord's error codes for an interaction that can no longer be answered, or that was answered before. */
const TOO_LATE = new Set<unknown>([
  RESTJSONErrorCodes.UnknownInteraction,
  RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged,
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.InvalidWebhookToken,
]);

/** Discord's error codes for a channel in which the bot has lost the permission to answer. */
const NOT_ALLOWED = new Set<unknown>([
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
]);

/** One interaction, and what is to be done about it. */
export interface Dispatched {
  readonly interaction: RepliableInteraction;
  /** The name of the command or feature in the log. */
  readonly name: string;
  /** Whether everybody in the channel sees the answer; otherwise only the caller sees it. */
  readonly isPublic: boolean;
  /** Whether a form is to be opened. */
  readonly opensForm?: boolean;
  /** Does what was asked for and returns the answer, or null when it has answered by itself. */
  readonly run: (t: Translate) => Answer | null | Promise<Answer | null>;
}

/**
 * Runs what somebody asked for and sends the answer. This is the one error boundary of commands, menus, buttons and
 * forms: a UserError is told to the caller, and any other error is logged and answered with a general apology. Never
 * rejects. An answer that Discord does not take is logged too, and an apology is sent in its place.
 *
 * `followUps` learns when the first answer has gone out; null when nothing can follow it.
 */
export async function dispatch(
  { interaction, name, isPublic, opensForm = false, run }: Dispatched,
  followUps: Pick<FollowUps, 'expectAnswer'> | null,
  log: Logger,
): Promise<void> {
  const about = { command: name, guildId: interaction.guildId };
  const failed = (error: unknown) => logFailure(log, error, about);
  const answered = Promise.withResolvers<void>();
  walled(log, 'an answer expected', () => followUps?.expectAnswer(interaction, answered.promise));
  const deferrals: Promise<unknown>[] = [];
  const timer = later(log, 'thinking', opensForm ? DEFER_FORM_AFTER_MS : DEFER_AFTER_MS, () => {
    if (!interaction.replied) deferrals.push(showThinking(interaction, isPublic).catch(failed));
  });
  let answer: Answer | null;
  let toAll = isPublic;
  try {
    part(`use of ${name}`);
    answer = await run(translator((isPublic && interaction.guildLocale) || interaction.locale));
  } catch (error) {
    const tooLate = TOO_LATE.has(errorCode(error)); // a form, for example, which Discord opens only within three seconds
    if (tooLate) failed(error);
    else if (!(error instanceof UserError))
      log.error({ ...about, fault: `use of ${name}`, err: error }, 'command failed');
    answer = tooLate ? null : wordsFor(error, interaction, log);
    toAll = false;
  } finally {
    clearTimeout(timer);
  }
  try {
    await Promise.all(deferrals);
    if (answer !== null) await deliver(interaction, answer, { toAll, isPublic });
  } catch (error) {
    failed(error);
    if (!isFinal(error)) await apologise(interaction, isPublic, log).catch(failed);
  } finally {
    answered.resolve();
  }
}

/** Whether Discord refused an answer for a reason for which it would refuse every other answer too. */
function isFinal(error: unknown): boolean {
  const code = errorCode(error);
  return TOO_LATE.has(code) || NOT_ALLOWED.has(code);
}

/** Tells the caller that something went wrong, in place of an answer that Discord has not taken. */
async function apologise(interaction: RepliableInteraction, isPublic: boolean, log: Logger): Promise<void> {
  await deliver(interaction, wordsFor(undefined, interaction, log), { toAll: false, isPublic });
}

/** The apology for the case that even the translation of the apology fails. */
const SPEECHLESS = 'Something went wrong on my side.';

/**
 * Returns what a caller is told about an error, in their language. Never throws: when the text cannot be translated,
 * they get an English apology.
 */
function wordsFor(error: unknown, interaction: RepliableInteraction, log: Logger): string {
  try {
    const t = translator(interaction.locale);
    return error instanceof UserError ? t(error.key, error.params) : t('sorry');
  } catch (fault) {
    log.error({ guildId: interaction.guildId, err: fault }, 'an answer could not be translated');
    return SPEECHLESS;
  }
}

/**
 * Sends the values that a command offers for an option that is being typed. If that fails, it sends none. Never
 * rejects.
 */
export async function complete(
  command: SlashCommand,
  interaction: CompletionInteraction,
  services: Services,
  log: Logger,
): Promise<void> {
  let choices: readonly Choice[] = [];
  try {
    part(`completion of ${command.data.name}`);
    choices = (await command.complete?.(interaction, services)) ?? [];
  } catch (error) {
    log.error({ fault: `completion of ${command.data.name}`, err: error }, 'completion failed');
  }
  await offer(interaction, choices, log);
}

/** Offers values for an option that is being typed. Never rejects. */
export async function offer(
  interaction: AutocompleteInteraction,
  choices: readonly Choice[],
  log: Logger,
): Promise<void> {
  try {
    await interaction.respond(choices.slice(0, MAX_CHOICES));
  } catch (error) {
    logFailure(log, error, { command: interaction.commandName, guildId: interaction.guildId });
  }
}

function logFailure(log: Logger, error: unknown, about: object): void {
  const code = errorCode(error);
  if (TOO_LATE.has(code)) log.warn({ ...about, code }, 'too late to answer');
  else if (NOT_ALLOWED.has(code)) log.warn({ ...about, code }, 'Discord does not let the bot answer there');
  else log.error({ ...about, err: error }, 'answer failed');
}
