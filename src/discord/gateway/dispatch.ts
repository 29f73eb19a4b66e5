import {
  type InteractionReplyOptions,
  MessageFlags,
  type RepliableInteraction,
  RESTJSONErrorCodes,
} from 'discord.js';
import { UserError } from '../../errors.ts';
import { type Translate, translator } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { Answer, Choice } from '../interaction/answer.ts';
import type { SlashCommand } from '../interaction/command.ts';
import type { FollowUps } from '../interaction/follow-ups.ts';
import type { Services } from '../interaction/services.ts';
import type { CompletionInteraction } from '../interaction/interaction.ts';
import { sendVoiceMessage } from './voice-message.ts';
import { later, part, walled } from '../../walls.ts';

/** What takes longer than this first answers "thinking": Discord waits 3 s, people half a second. */
const DEFER_AFTER_MS = 200;
/** Discord's limit for the values of an option. */
const MAX_CHOICES = 25;
/** Discord's limit for a message, in characters. */
const MAX_CHARACTERS = 2_000;

/** Nobody can be answered any more, or was already: an old token, a double delivery. */
const TOO_LATE = new Set<unknown>([
  RESTJSONErrorCodes.UnknownInteraction,
  RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged,
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.InvalidWebhookToken,
]);

/** Somebody has taken the bot's rights in that place meanwhile. */
const NOT_ALLOWED = new Set<unknown>([
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
]);

/** An answer that can be new or take the place of another. */
type Message = Exclude<Answer, { voice: unknown }>;

/** An answer as it goes out: it never pings. */
function body(answer: Message) {
  const allowedMentions = { parse: [] };
  if (typeof answer === 'object' && 'view' in answer)
    return { components: answer.view, flags: MessageFlags.IsComponentsV2 as const, allowedMentions };
  const { text, files } = typeof answer === 'string' ? { text: answer, files: [] } : answer;
  return {
    content: text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text,
    allowedMentions,
    ...(files.length > 0 && { files: files.map(({ name, bytes }) => ({ name, attachment: bytes })) }),
  };
}

/** The same as a message of its own, for everybody or for the caller alone. */
function message(answer: Message, toAll: boolean): InteractionReplyOptions {
  const { flags, ...rest } = { flags: undefined, ...body(answer) };
  const all = [...(flags === undefined ? [] : [flags]), ...(toAll ? [] : [MessageFlags.Ephemeral as const])];
  return all.length === 0 ? rest : { ...rest, flags: all };
}

export interface Dispatched {
  readonly interaction: RepliableInteraction;
  /** For logs. */
  readonly name: string;
  readonly isPublic: boolean;
  /** Null: it has answered by itself. */
  readonly run: (t: Translate) => Answer | null | Promise<Answer | null>;
}

/**
 * Runs what somebody asked for and answers: the one error boundary of commands, menus, buttons and forms. A
 * UserError is told to the caller, any other is logged and answered in general words. Never rejects.
 */
export async function dispatch(
  { interaction, name, isPublic, run }: Dispatched,
  followUps: Pick<FollowUps, 'expectAnswer'> | null,
  log: Logger,
): Promise<void> {
  const about = { command: name, guildId: interaction.guildId };
  const failed = (error: unknown) => logFailure(log, error, about);
  const answered = Promise.withResolvers<void>();
  walled(log, 'an answer expected', () => followUps?.expectAnswer(interaction, answered.promise));
  const deferrals: Promise<unknown>[] = [];
  const timer = later(log, 'thinking', DEFER_AFTER_MS, () => {
    if (!interaction.replied) deferrals.push(defer(interaction, isPublic).catch(failed));
  });
  let answer: Answer | null;
  let toAll = isPublic;
  try {
    part(`use of ${name}`);
    answer = await run(translator((isPublic && interaction.guildLocale) || interaction.locale));
  } catch (error) {
    if (!(error instanceof UserError))
      log.error({ ...about, fault: `use of ${name}`, err: error }, 'command failed');
    answer = wordsFor(error, interaction, log);
    toAll = false;
  } finally {
    clearTimeout(timer);
  }
  try {
    await Promise.all(deferrals);
    if (answer !== null) await deliver(interaction, answer, { toAll, isPublic });
  } catch (error) {
    failed(error);
  } finally {
    answered.resolve();
  }
}

/** Said where not even an apology can be translated. */
const SPEECHLESS = 'Something went wrong on my side.';

/** What a caller is told of an error, in their language. Never throws: a text that is not there costs its words only. */
function wordsFor(error: unknown, interaction: RepliableInteraction, log: Logger): string {
  try {
    const t = translator(interaction.locale);
    return error instanceof UserError ? t(error.key, error.params) : t('sorry');
  } catch (fault) {
    log.error({ guildId: interaction.guildId, err: fault }, 'an answer could not be translated');
    return SPEECHLESS;
  }
}

/** A press on a message keeps the message as it is meanwhile; everything else shows "thinking". */
async function defer(interaction: RepliableInteraction, isPublic: boolean): Promise<void> {
  if (isPress(interaction)) await interaction.deferUpdate();
  else await interaction.deferReply(isPublic ? {} : { flags: MessageFlags.Ephemeral });
}

/** A button, a menu, or a form that one of them opened: it belongs to a message, which it may change. */
function isPress(interaction: RepliableInteraction) {
  return interaction.isMessageComponent() || (interaction.isModalSubmit() && interaction.isFromMessage());
}

async function deliver(
  interaction: RepliableInteraction,
  answer: Answer,
  { toAll, isPublic }: { toAll: boolean; isPublic: boolean },
): Promise<void> {
  if (typeof answer === 'object' && 'voice' in answer) {
    const { voice, otherwise } = answer;
    const file = { text: otherwise, files: [{ name: 'voice-message.ogg', bytes: voice.ogg }] };
    await sendVoiceMessage(interaction, voice, message(file, true));
  } else if (isPress(interaction) && typeof answer === 'object' && 'view' in answer) {
    if (interaction.deferred) await interaction.editReply(body(answer));
    else await interaction.update(body(answer));
  } else if (interaction.replied || (interaction.deferred && isPress(interaction)))
    await interaction.followUp(message(answer, toAll));
  else if (!interaction.deferred) await interaction.reply(message(answer, toAll));
  else if (toAll === isPublic) await interaction.editReply(body(answer));
  else {
    // "Thinking" was shown to all, but the error is the caller's.
    await interaction.deleteReply();
    await interaction.followUp(message(answer, false));
  }
}

/** Answers with values for an option that is being typed: none, rather than late or wrong. Never rejects. */
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
  try {
    await interaction.respond(choices.slice(0, MAX_CHOICES));
  } catch (error) {
    logFailure(log, error, { command: command.data.name, guildId: interaction.guildId });
  }
}

function logFailure(log: Logger, error: unknown, about: object): void {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (TOO_LATE.has(code)) log.warn({ ...about, code }, 'too late to answer');
  else if (NOT_ALLOWED.has(code)) log.warn({ ...about, code }, 'Discord does not let the bot answer there');
  else log.error({ ...about, err: error }, 'answer failed');
}
