import {
  type InteractionReplyOptions,
  MessageFlags,
  MessagePayload,
  type RepliableInteraction,
  RESTJSONErrorCodes,
} from 'discord.js';
import type { VoiceMessage } from '../../speech/sound-file.ts';

const NAME = 'voice-message.ogg';

/**
 * Answers with a voice message, for everybody to hear; where Discord will not have one here, with `otherwise`. It is
 * never an edit: "thinking" cannot become a voice message, nor can it be one from the start, so it goes away and the
 * voice message follows (Discord, "Message", Voice Messages).
 */
export async function sendVoiceMessage(
  interaction: RepliableInteraction,
  voice: VoiceMessage,
  otherwise: InteractionReplyOptions,
): Promise<void> {
  if (interaction.deferred && !interaction.replied) await interaction.deleteReply();
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
  // The library would look at the bytes and say "application/ogg", of which Discord makes no voice message.
  payload.files = [{ name: NAME, data: ogg, contentType: 'audio/ogg' }];
  return payload;
}

function isForbidden(error: unknown): boolean {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === RESTJSONErrorCodes.YouCannotSendVoiceMessagesInThisChannel;
}
