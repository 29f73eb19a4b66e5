import type { VoiceFaults } from '../sandbox/discord/voice-api.ts';
import { type Given, lasting, type RoomAct } from './act.ts';
import { type Room, voiceServerOf } from './room.ts';

interface ForSoLong extends Given {
  readonly ms: number;
}

/** Packets that are sent, on a busy machine, until the news has come that nobody takes them any more: half a second. */
export const UNNOTICED = 25;
const NOT_JOINED = ['not-joined', 'left', 'not-here', 'failed', 'channel'] as const;

/** A fault of both voice servers of the server, while it lasts. */
function whileItLasts<K extends keyof VoiceFaults>(
  room: Room,
  name: K,
  value: VoiceFaults[K] | undefined,
): void {
  for (const index of room.servers) {
    const faults = room.discord.voice[index]?.faults;
    if (!faults) continue;
    if (value === undefined) delete faults[name];
    else faults[name] = value;
  }
}

const close: RoomAct<{ readonly code: number }> = {
  name: 'the voice gateway closes',
  scope: 'room',
  weight: 4,
  costs: { packets: UNNOTICED, joins: 1 },
  draw: random => ({ code: random.pick([4006, 4009, 4015, 4000, 1001, 1006, 4900]) }),
  begin(room, { code }) {
    const { discord, guild } = room;
    // 1006 is what one sees where nothing was said.
    if (code === 1006) voiceServerOf(room).kill(guild.id, discord.applicationId);
    else voiceServerOf(room).close(guild.id, discord.applicationId, code);
  },
};

const move: RoomAct<{ readonly viaNull: boolean; readonly same: boolean }> = {
  name: 'the voice server moves',
  scope: 'room',
  weight: 4,
  costs: { packets: UNNOTICED, joins: 1 },
  draw: random => ({ viaNull: random.chance(0.4), same: random.chance(0.3) }),
  begin({ discord, guild, servers, channel, elsewhere }, { viaNull, same }) {
    const { applicationId: bot } = discord;
    const here = servers.find(index =>
      [channel, elsewhere].some(({ id }) => discord.voice[index]?.call(id).clients.includes(bot)),
    );
    const [first, second] = servers;
    const other = here === second ? first : second;
    discord.moveVoiceServer(guild, { viaNull, to: same ? (here ?? first) : other });
  },
};

const garbage: RoomAct<{ readonly op: number; readonly length: number }> = {
  name: 'the voice gateway says nonsense',
  scope: 'room',
  weight: 3,
  // The encryption group is made anew.
  costs: { packets: 50, joins: 1 },
  draw: random => ({ op: random.pick([0, 21, 25, 27, 29, 30, 255]), length: random.pick([0, 1, 3, 40]) }),
  begin(room, { op, length }) {
    const bytes =
      length === 0 ? Uint8Array.of(op) : Uint8Array.of(0, 1, op, ...new Uint8Array(length).fill(9));
    voiceServerOf(room).sendBinary(room.guild.id, room.discord.applicationId, bytes);
  },
};

const resumeFails: RoomAct<ForSoLong & { readonly how: string }> = {
  name: 'the voice socket breaks, and cannot be resumed',
  scope: 'room',
  weight: 2,
  costs: { packets: UNNOTICED, joins: 2, reasons: NOT_JOINED },
  draw: random => ({ ms: lasting(random, 500, 3_000), how: random.pick(['refused', 'unanswered']) }),
  begin(room, { how }) {
    const server = voiceServerOf(room);
    if (how === 'refused') server.refuseResume = true;
    else server.faults.noResumed = true;
    server.kill(room.guild.id, room.discord.applicationId);
  },
  end({ discord, servers }) {
    for (const index of servers) {
      const server = discord.voice[index];
      if (!server) continue;
      server.refuseResume = false;
      delete server.faults.noResumed;
    }
  },
};

const shut: RoomAct<ForSoLong & { readonly code: number }> = {
  name: 'the voice server refuses everybody',
  scope: 'room',
  weight: 1,
  costs: { packets: UNNOTICED, joins: 6, reasons: NOT_JOINED },
  draw: random => ({ ms: lasting(random, 500, 3_000), code: random.pick([4006, 4009]) }),
  begin(room, { code }) {
    whileItLasts(room, 'identifyClose', code);
    voiceServerOf(room).close(room.guild.id, room.discord.applicationId, code);
  },
  end: room => whileItLasts(room, 'identifyClose', undefined),
};

const blackHole: RoomAct<ForSoLong> = {
  name: 'UDP vanishes',
  scope: 'room',
  weight: 1,
  costs: { lines: true, joins: 2, reasons: NOT_JOINED },
  draw: random => ({ ms: lasting(random, 100, 2_000) }),
  begin: room => whileItLasts(room, 'blackHole', true),
  end: room => whileItLasts(room, 'blackHole', undefined),
};

const lostDiscovery: RoomAct = {
  name: 'the voice server moves, and the first datagrams are lost',
  scope: 'room',
  weight: 1,
  costs: { packets: UNNOTICED, joins: 3, reasons: NOT_JOINED },
  draw: () => ({}),
  begin(room) {
    whileItLasts(room, 'dropDiscovery', 1);
    room.discord.moveVoiceServer(room.guild, { to: room.servers[1] });
  },
  end: room => whileItLasts(room, 'dropDiscovery', undefined),
};

const noGroup: RoomAct<ForSoLong> = {
  name: 'no encryption group forms',
  scope: 'room',
  weight: 1,
  // What waits is held, and heard when there is a group again.
  costs: { packets: UNNOTICED, joins: 4 },
  // It is waited for twice for five seconds, and then people are told.
  draw: random => ({ ms: lasting(random, 500, 9_000) }),
  begin(room) {
    whileItLasts(room, 'noDave', true);
    voiceServerOf(room).close(room.guild.id, room.discord.applicationId, 4006);
  },
  end: room => whileItLasts(room, 'noDave', undefined),
};

const plain: RoomAct<ForSoLong> = {
  name: 'the call is not encrypted for a while',
  scope: 'room',
  weight: 2,
  costs: { packets: 50 },
  draw: random => ({ ms: lasting(random, 300, 2_000) }),
  begin: room => voiceServerOf(room).downgrade(callOf(room)),
  end: room => voiceServerOf(room).upgrade(callOf(room)),
};

export const VOICE_ACTS: readonly RoomAct[] = [
  close,
  move,
  garbage,
  resumeFails,
  shut,
  blackHole,
  lostDiscovery,
  noGroup,
  plain,
];

function callOf({ discord, guild, channel }: Room): string {
  return discord.botVoiceChannel(guild) ?? channel.id;
}
