import {
  type InteractionReplyOptions,
  MessageFlags,
  RESTJSONErrorCodes,
  type RepliableInteraction,
} from 'discord.js';
import { errorCode } from '../../errors.ts';
import { shortened } from '../../shortened.ts';
import type { Answer, MessageRef } from '../interaction/answer.ts';
import { isPress, type Press, withdrawThinking } from './thinking.ts';
import { sendVoiceMessage } from './voice-message.ts';

// Sends an answer to a command, button or form in the way that Discord allows at that moment: as a reply, as an edit,
// or as a follow-up. The kinds of answers are in `interaction/answer.ts`; `voice-message.ts` sends voice messages.

/** Discord's limit for a message, in characters. */
const MAX_CHARACTERS = 2_000;

/** Every kind of answer except a voice message: these can also be put in the place of an earlier answer. */
type EditableAnswer = Exclude<Answer, { voice: unknown }>;

/** Returns an answer in Discord's form, so that it pings nobody. It can edit an earlier message. */
function asEdit(answer: EditableAnswer) {
  const allowedMentions = { parse: [] };
  if (typeof answer === 'object' && 'view' in answer)
    return { components: answer.view, flags: MessageFlags.IsComponentsV2 as const, allowedMentions };
  const { text, files, rows } = {
    files: [],
    rows: undefined,
    ...(typeof answer === 'string' ? { text: answer } : answer),
  };
  return {
    content: shortened(text, MAX_CHARACTERS),
    allowedMentions,
    ...(rows && { components: rows }),
    ...(files.length > 0 && { files: files.map(({ name, bytes }) => ({ name, attachment: bytes })) }),
  };
}

/** Returns an answer in Discord's form as a new message, which is shown to everybody or to the caller alone. */
function asMessage(answer: EditableAnswer, toAll: boolean): InteractionReplyOptions {
  const { flags, ...rest } = { flags: undefined, ...asEdit(answer) };
  const all = [...(flags === undefined ? [] : [flags]), ...(toAll ? [] : [MessageFlags.Ephemeral as const])];
  return all.length === 0 ? rest : { ...rest, flags: all };
}

/**
 * Sends an answer to an interaction in the way that Discord allows for it: as a first reply, as an edit of "thinking"
 * or of the message whose button was pressed, or as a follow-up. `isPublic` tells how "thinking" was shown, and
 * `toAll` whether everybody may see the answer. Rejects with the error of Discord's REST API.
 */
export async function deliver(
  interaction: RepliableInteraction,
  answer: Answer,
  { toAll, isPublic }: { toAll: boolean; isPublic: boolean },
): Promise<void> {
  if (typeof answer === 'object' && 'voice' in answer) {
    const { voice, otherwise } = answer;
    const file = { text: otherwise, files: [{ name: 'voice-message.ogg', bytes: voice.ogg }] };
    await sendVoiceMessage(interaction, voice, asMessage(file, true));
    return;
  }
  if (isPress(interaction) && replaces(answer) && (await isChanged(interaction, answer))) return;
  if (interaction.replied || (interaction.deferred && isPress(interaction)))
    await interaction.followUp(asMessage(answer, toAll));
  else if (!interaction.deferred) await reply(interaction, answer, toAll);
  else if (toAll === isPublic) shown(answer, await interaction.editReply(asEdit(answer)));
  else {
    // "Thinking" was shown to everybody, but an error is for the caller alone.
    await withdrawThinking(interaction);
    await interaction.followUp(asMessage(answer, false));
  }
}

/**
 * Puts an answer to a press in the place of the message whose button was pressed. Resolves with false when that message
 * is gone: it was deleted meanwhile, or the caller has dismissed it.
 */
async function isChanged(interaction: Press, answer: EditableAnswer): Promise<boolean> {
  try {
    if (interaction.deferred) await interaction.editReply(asEdit(answer));
    else await interaction.update(asEdit(answer));
    return true;
  } catch (error) {
    if (errorCode(error) !== RESTJSONErrorCodes.UnknownMessage) throw error;
    return false;
  }
}

/** Whether an answer to a press takes the place of the message whose button was pressed. */
function replaces(answer: EditableAnswer): boolean {
  if (typeof answer === 'string') return false;
  return 'view' in answer ? answer.anew !== true : 'rows' in answer;
}

async function reply(
  interaction: RepliableInteraction,
  answer: EditableAnswer,
  toAll: boolean,
): Promise<void> {
  const wanted = typeof answer === 'object' && 'onShown' in answer;
  if (!wanted) return void (await interaction.reply(asMessage(answer, toAll)));
  const { resource } = await interaction.reply({ ...asMessage(answer, toAll), withResponse: true });
  if (resource?.message) shown(answer, resource.message);
}

/** Tells whoever made an answer which message it has become. */
function shown(answer: EditableAnswer, { id, channelId }: MessageRef): void {
  if (typeof answer === 'object' && 'onShown' in answer) answer.onShown?.({ id, channelId });
}
