import { type Given, lasting, type RoomAct } from './act.ts';
import { PEOPLE } from './cast.ts';
import { ask, hostOf, type Room } from './room.ts';

interface ByWhom extends Given {
  readonly who: number;
}
interface ForSoLong extends Given {
  readonly ms: number;
}

const anybody = (random: { whole(least: number, most: number): number }): ByWhom => ({
  who: random.whole(0, PEOPLE.length - 1),
});

const skip: RoomAct<ByWhom> = {
  name: 'somebody skips',
  scope: 'room',
  weight: 3,
  costs: { reasons: ['skipped'] },
  draw: anybody,
  begin: (room, { who }) => ask(room, who, 'skip'),
};

const stop: RoomAct<ByWhom> = {
  name: 'somebody stops all',
  scope: 'room',
  weight: 1,
  costs: { reasons: ['stopped'] },
  draw: anybody,
  begin: (room, { who }) => ask(room, who, 'stop'),
};

const pause: RoomAct<ForSoLong> = {
  name: 'a pause',
  scope: 'room',
  weight: 3,
  draw: random => ({ ms: lasting(random, 100, 2_500) }),
  begin: room => ask(room, 0, 'pause'),
  end: room => ask(room, 0, 'resume'),
};

const leave: RoomAct<ForSoLong> = {
  name: 'sent away and called back',
  scope: 'room',
  weight: 2,
  costs: { reasons: ['left', 'not-here', 'channel', 'not-in-voice', 'not-joined'], joins: 2, packets: 25 },
  draw: random => ({ ms: lasting(random, 0, 1_500) }),
  begin: room => ask(room, 0, 'leave'),
  end: room => ask(room, 0, 'join'),
};

const kick: RoomAct<ForSoLong> = {
  name: 'disconnected by an admin and called back',
  scope: 'room',
  weight: 2,
  costs: { reasons: ['left', 'not-here', 'channel', 'not-in-voice', 'not-joined'], joins: 2, packets: 25 },
  draw: random => ({ ms: lasting(random, 200, 1_500) }),
  begin: room => room.discord.moveBot(room.guild, null),
  end: room => ask(room, 0, 'join'),
};

const walk: RoomAct<ByWhom & ForSoLong> = {
  name: 'somebody goes out for a while',
  scope: 'room',
  weight: 3,
  costs: { reasons: ['not-in-voice'], packets: 25 },
  draw: random => ({ who: random.whole(1, PEOPLE.length - 1), ms: lasting(random, 50, 2_000) }),
  begin: (room, { who }) => goOut(room, [who]),
  end: (room, { who }) => comeIn(room, [who]),
};

const empty: RoomAct<ForSoLong> = {
  name: 'everybody goes out for a while',
  scope: 'room',
  weight: 2,
  // The line that is being said when the last one goes is said to its end, to nobody.
  costs: { reasons: ['not-in-voice'], lines: true },
  draw: random => ({ ms: lasting(random, 50, 2_500) }),
  begin: room => goOut(room, [0, 1, 2]),
  end: room => comeIn(room, [0, 1, 2]),
};

const drag: RoomAct<ForSoLong> = {
  name: 'all go to another channel, and the bot is dragged after them',
  scope: 'room',
  weight: 2,
  costs: { reasons: ['not-in-voice', 'channel'], packets: 100, joins: 2 },
  draw: random => ({ ms: lasting(random, 300, 2_500) }),
  begin: room => moveAll(room, room.elsewhere),
  end: room => moveAll(room, room.channel),
};

const optOut: RoomAct<ByWhom & ForSoLong> = {
  name: 'somebody opts out for a while',
  scope: 'room',
  weight: 2,
  costs: { reasons: ['opted-out'] },
  draw: random => ({ ...anybody(random), ms: lasting(random, 300, 2_500) }),
  begin: (room, { who }) => ask(room, who, 'optout'),
  end: (room, { who }) => ask(room, who, 'optin'),
};

const question: RoomAct<ByWhom & { readonly name: string }> = {
  name: 'somebody asks',
  scope: 'room',
  weight: 1,
  draw: random => ({
    ...anybody(random),
    name: random.pick(['queue', 'status', 'help', 'why', 'voice show']),
  }),
  begin: (room, { who, name }) => ask(room, who, name),
};

export const PEOPLE_ACTS: readonly RoomAct[] = [
  skip,
  stop,
  pause,
  leave,
  kick,
  walk,
  empty,
  drag,
  optOut,
  question,
];

async function goOut({ discord, guild, people }: Room, who: readonly number[]): Promise<void> {
  for (const index of who) {
    const person = people[index];
    if (person && guild.voiceStates.has(person.id)) await discord.leave(person, guild);
  }
}

/** Those who are not in a voice channel enter the one where the host is, or the first. */
export async function comeIn(room: Room, who: readonly number[] = [0, 1, 2]): Promise<void> {
  const { discord, guild, people, channel } = room;
  for (const index of who) {
    const person = people[index];
    if (!person || guild.voiceStates.has(person.id)) continue;
    const with_ = guild.voiceStates.get(hostOf(room).id)?.channelId;
    await discord.join(person, guild.channels.get(with_ ?? '') ?? channel);
  }
}

async function moveAll({ discord, guild, people }: Room, to: Room['channel']): Promise<void> {
  for (const person of people)
    if ((guild.voiceStates.get(person.id)?.channelId ?? to.id) !== to.id) await discord.join(person, to);
  if (discord.botVoiceChannel(guild) !== to.id) discord.moveBot(guild, to);
}
