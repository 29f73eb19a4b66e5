/** Bits of the gateway intents that matter here. (Discord, "Gateway", List of Intents.) */
export const INTENT = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildVoiceStates: 1 << 7,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  guildMessageReactions: 1 << 10,
  messageContent: 1 << 15,
} as const;

/** Bits 0–16, 20, 21, 24 and 25 are given out. */
const KNOWN = 0x1_ffff | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);

/** Which intent an event needs; events that are not here go to everyone. */
const NEEDED: Readonly<Record<string, number>> = {
  GUILD_CREATE: INTENT.guilds,
  GUILD_UPDATE: INTENT.guilds,
  GUILD_DELETE: INTENT.guilds,
  GUILD_ROLE_CREATE: INTENT.guilds,
  GUILD_ROLE_UPDATE: INTENT.guilds,
  GUILD_ROLE_DELETE: INTENT.guilds,
  CHANNEL_CREATE: INTENT.guilds,
  CHANNEL_UPDATE: INTENT.guilds,
  CHANNEL_DELETE: INTENT.guilds,
  THREAD_CREATE: INTENT.guilds,
  THREAD_DELETE: INTENT.guilds,
  GUILD_MEMBER_ADD: INTENT.guildMembers,
  GUILD_MEMBER_UPDATE: INTENT.guildMembers,
  GUILD_MEMBER_REMOVE: INTENT.guildMembers,
  VOICE_CHANNEL_STATUS_UPDATE: INTENT.guilds,
  VOICE_STATE_UPDATE: INTENT.guildVoiceStates,
  MESSAGE_CREATE: INTENT.guildMessages,
  MESSAGE_UPDATE: INTENT.guildMessages,
  MESSAGE_DELETE: INTENT.guildMessages,
  MESSAGE_DELETE_BULK: INTENT.guildMessages,
  MESSAGE_REACTION_ADD: INTENT.guildMessageReactions,
  MESSAGE_REACTION_REMOVE: INTENT.guildMessageReactions,
};

/** Whether a session with these intents is told of an event. */
export function hears(intents: number, event: string): boolean {
  const needed = NEEDED[event];
  return needed === undefined || (intents & needed) !== 0;
}

/** The close code for intents that are not allowed, or null: 4013 for no such intent, 4014 for one not enabled. */
export function refusedIntents(intents: unknown, messageContent: boolean): 4013 | 4014 | null {
  if (typeof intents !== 'number' || !Number.isInteger(intents) || intents < 0 || (intents & ~KNOWN) !== 0)
    return 4013;
  const closed = INTENT.guildMembers | INTENT.guildPresences | (messageContent ? 0 : INTENT.messageContent);
  return (intents & closed) === 0 ? null : 4014;
}
