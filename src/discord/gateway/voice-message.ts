import {
  type InteractionReplyOptions,
  MessageFlags,
  MessagePayload,
  RESTJSONErrorCodes,
  type RepliableInteraction,
} from 'discord.js';
import { errorCode } from '../../errors.ts';
import type { VoiceMessage } from '../../speech/sound-file.ts';
import { withdrawThinking } from './thinking.ts';

// Answers a command with a voice message, the kind that Discord's users record themselves. `src/speech/sound-file.ts`
// makes its sound, and `reply.ts` sends all other answers.

const NAME = 'voice-message.ogg';

/**
 * Answers an interaction with a voice message, which everybody in the channel can hear. Where Discord does not allow
 * voice messages, it answers with `otherwise`. A "thinking" that is already shown cannot be edited into a voice
 * message, so it is deleted first (Discord, "Message", Voice Messages). Rejects with any other error of Discord's
 * REST API.
 */
export async function sendVoiceMessage(
  interaction: RepliableInteraction,
  voice: VoiceMessage,
  otherwise: InteractionReplyOptions,
): Promise<void> {
  if (interaction.deferred && !interaction.replied) await withdrawThinking(interaction);
  const send = async (payload: MessagePayload | InteractionReplyOptions) => {
    if (interaction.deferred || interaction.replied) await interaction.followUp(payload);
    else await interaction.reply(payload);
  };
  try {
    await send(payloadOf(interaction, voice));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    await send(otherwise);
  }
}

function payloadOf(
  interaction: RepliableInteraction,
  { ogg, durationSecs, waveform }: VoiceMessage,
): MessagePayload {
  const payload = MessagePayload.create(interaction, {
    flags: MessageFlags.IsVoiceMessage,
    files: [{ name: NAME, attachment: ogg, duration: durationSecs, waveform }],
    allowedMentions: { parse: [] },
  }).resolveBody();
  // The library would find the type "application/ogg" by the bytes, and Discord takes no voice message of that type.
  payload.files = [{ name: NAME, data: ogg, contentType: 'audio/ogg' }];
  return payload;
}

function isForbidden(error: unknown): boolean {
  const code = errorCode(error);
  return code === RESTJSONErrorCodes.YouCannotSendVoiceMessagesInThisChannel;
}
