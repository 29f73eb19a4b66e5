import { type InteractionReplyOptions, MessageFlags, RESTJSONErrorCodes } from 'discord.js';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Command, CommandContext, CommandUse } from './command.ts';

/** A command that takes longer than this first answers "thinking": Discord waits 3 s, people half a second. */
const DEFER_AFTER_MS = 200;

/** Nobody can be answered any more, or was already: an old token, a double delivery. */
const TOO_LATE = new Set<unknown>([
  RESTJSONErrorCodes.UnknownInteraction,
  RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged,
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.InvalidWebhookToken,
]);

const SORRY = 'Something went wrong on my side. Please try again in a moment.';

/** A message as it goes out: it never pings, and only the caller sees it unless it is public. */
function message(content: string, isPublic: boolean): InteractionReplyOptions {
  return {
    content,
    allowedMentions: { parse: [] },
    ...(!isPublic && { flags: MessageFlags.Ephemeral }),
  };
}

/**
 * Runs a command and answers: the one error boundary of all commands. A UserError is told to the caller, any
 * other is logged and answered in general words. Never rejects.
 */
export async function dispatch(
  command: Command,
  use: CommandUse,
  context: CommandContext,
  log: Logger,
): Promise<void> {
  const about = { command: command.data.name, guildId: use.guildId };
  const isPublic = command.public ?? false;
  const failed = (error: unknown) => logFailure(log, error, about);
  const answered = Promise.withResolvers<void>();
  context.expectAnswer(use, answered.promise);
  const deferrals: Promise<unknown>[] = [];
  const timer = setTimeout(() => {
    deferrals.push(use.deferReply(isPublic ? {} : { flags: MessageFlags.Ephemeral }).catch(failed));
  }, DEFER_AFTER_MS);
  let answer: string;
  let toAll = isPublic;
  try {
    answer = await command.run(use, context);
  } catch (error) {
    if (!(error instanceof UserError)) log.error({ ...about, err: error }, 'command failed');
    answer = error instanceof UserError ? error.message : SORRY;
    toAll = false;
  } finally {
    clearTimeout(timer);
  }
  try {
    await Promise.all(deferrals);
    if (deferrals.length === 0) await use.reply(message(answer, toAll));
    else if (toAll === isPublic) await use.editReply({ content: answer, allowedMentions: { parse: [] } });
    else {
      // "Thinking" was shown to all, but the error is the caller's.
      await use.deleteReply();
      await use.followUp(message(answer, false));
    }
  } catch (error) {
    failed(error);
  } finally {
    answered.resolve();
  }
}

function logFailure(log: Logger, error: unknown, about: object): void {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (TOO_LATE.has(code)) log.warn({ ...about, code }, 'too late to answer');
  else log.error({ ...about, err: error }, 'answer failed');
}
