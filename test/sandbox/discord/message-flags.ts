/** (Discord, "Message", Message Flags.) */
export const MESSAGE_FLAG = {
  suppressEmbeds: 1 << 2,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  silent: 1 << 12,
  voice: 1 << 13,
  snapshot: 1 << 14,
  componentsV2: 1 << 15,
} as const;

const { suppressEmbeds, ephemeral, silent, voice, componentsV2 } = MESSAGE_FLAG;
/** Flags that may be sent with a message in a channel, in an answer to an interaction, and with an edit. */
export const CHANNEL_FLAGS = suppressEmbeds | silent | voice | componentsV2;
export const REPLY_FLAGS = CHANNEL_FLAGS | ephemeral;
/** Of "thinking". (Discord, "Receiving and Responding": all else is said by the edit that follows.) */
export const DEFERRED_FLAGS = ephemeral;
