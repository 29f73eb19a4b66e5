import { ApplicationCommandType, InteractionType, Locale } from 'discord.js';

// Fills the gaps of gateway events before discord.js reads them. The library throws, and the event is lost without a
// word, where a field is absent or null that Discord always sends today but has not always sent, and which a proxy or
// another implementation of Discord's protocol may leave out.

/** A gateway event as it arrives, or nothing: the library handles held-back events by a call without one. */
export type Packet = { readonly t: string; readonly d: unknown } | undefined;

type Fields = Readonly<Record<string, unknown>>;

/** Returns the event without gaps: the same object if its kind has none that matter. */
export function withoutGaps(packet: Packet): Packet {
  if (!packet || !isFields(packet.d)) return packet;
  if (packet.t === 'INTERACTION_CREATE') return { ...packet, d: wholeInteraction(withoutNulls(packet.d)) };
  if (packet.t === 'MESSAGE_CREATE') return { ...packet, d: withoutNulls(packet.d) };
  return packet;
}

/** (Discord, "Receiving and Responding", Interaction Structure.) */
function wholeInteraction(fields: Fields): Fields {
  const { data, guild, guild_locale: guildLocale, channel_id: channelId } = fields;
  return {
    entitlements: [],
    authorizing_integration_owners: {},
    locale: guildLocale ?? Locale.EnglishUS,
    ...(isFields(guild) && { guild_id: guild['id'] }),
    ...(channelId !== undefined && { channel: { id: channelId } }),
    ...fields,
    ...(isFields(data) && {
      data: {
        ...(isOfCommand(fields['type']) && { type: ApplicationCommandType.ChatInput }),
        ...withoutNulls(data),
      },
    }),
  };
}

/** Whether an interaction of this type is the use of a command, or an option of one that is being typed. */
function isOfCommand(type: unknown): boolean {
  return (
    type === InteractionType.ApplicationCommand || type === InteractionType.ApplicationCommandAutocomplete
  );
}

/**
 * An absent optional field and one that is null mean the same in these events, but the library reads only the first.
 */
function withoutNulls(fields: Fields): Fields {
  const whole: Record<string, unknown> = {};
  // This runs for every message of every guild, and a loop takes a sixth of the time of `Object.fromEntries`.
  for (const [name, value] of Object.entries(fields)) if (value !== null) whole[name] = value;
  return whole;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
