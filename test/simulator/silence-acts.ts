import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { type Given, lasting, type RoomAct } from './act.ts';
import { UNNOTICED } from './voice-acts.ts';

interface ForSoLong extends Given {
  readonly ms: number;
}

const muted: RoomAct<ForSoLong> = {
  name: 'a moderator mutes the bot for a while',
  scope: 'room',
  weight: 3,
  // What is said until the news of it has come, nobody hears.
  costs: { packets: UNNOTICED },
  draw: random => ({ ms: lasting(random, 200, 5_000) }),
  begin: ({ discord, guild }) => discord.mute(guild, discord.applicationId, true),
  end: ({ discord, guild }) => discord.mute(guild, discord.applicationId, false),
};

const mayNotSpeak: RoomAct<ForSoLong> = {
  name: 'the bot may not speak in its channel for a while',
  scope: 'room',
  weight: 2,
  costs: { packets: UNNOTICED },
  draw: random => ({ ms: lasting(random, 200, 5_000) }),
  begin({ discord, guild, channel }) {
    const deny = String(PERMISSION.speak);
    guild.setOverwrites(channel, [{ id: discord.applicationId, type: 1, allow: '0', deny }]);
  },
  end: ({ guild, channel }) => guild.setOverwrites(channel, []),
};

export const SILENCE_ACTS: readonly RoomAct[] = [muted, mayNotSpeak];
