import type { Servers } from '../world.ts';
import type { Fault } from './protocol.ts';

interface FaultSwitch {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  /** Whether it is thrown now; a fault without it happens once. */
  readonly isOn?: (world: Servers) => boolean;
  readonly turn: (world: Servers, on: boolean) => void;
}

const SLOW_FIRST_AUDIO_MS = 3_000;
/** Audio that comes at less than 1 runs out while it plays. */
const SLOW_FACTOR = 0.7;
const QUICK_FIRST_AUDIO_MS = 300;
/**
 * The bot may resume its gateway session after this close code. (Discord, "Opcodes and Status Codes": unknown error.)
 */
const UNKNOWN_ERROR = 4000;
/** An event is about half a second of sound. */
const EVENTS_BEFORE_CLOSE = 2;

/** The faults of the sandbox that show on a page how the bot recovers. */
const SWITCHES: readonly FaultSwitch[] = [
  {
    id: 'fish-down',
    label: 'Fish Audio is down',
    about: 'It takes no connections, and the open ones break.',
    isOn: ({ fish }) => fish.behaviour.refuseTcp === true,
    turn({ fish }, on) {
      fish.behaviour.refuseTcp = on;
      if (on) fish.dropIdleSockets('terminate');
    },
  },
  {
    id: 'fish-slow',
    label: 'Fish Audio is slow',
    about: 'Three seconds until the first sound, and then slower than it plays.',
    isOn: ({ fish }) => fish.behaviour.realtimeFactor !== undefined,
    turn({ fish }, on) {
      fish.behaviour.firstAudioMs = on ? SLOW_FIRST_AUDIO_MS : QUICK_FIRST_AUDIO_MS;
      fish.behaviour.realtimeFactor = on ? SLOW_FACTOR : undefined;
    },
  },
  {
    id: 'fish-closes',
    label: 'Fish Audio hangs up',
    about: 'Each connection breaks after about a second of sound.',
    isOn: ({ fish }) => fish.behaviour.fault?.kind === 'close',
    turn({ fish }, on) {
      fish.behaviour.fault = on ? { kind: 'close', code: 1006, afterEvents: EVENTS_BEFORE_CLOSE } : undefined;
    },
  },
  {
    id: 'model-down',
    label: 'Language model fails',
    about: 'It answers /ask with an error.',
    isOn: ({ model }) => model.behaviour.fault !== undefined,
    turn({ model }, on) {
      model.behaviour.fault = on ? { kind: 'refuse', status: 500 } : undefined;
    },
  },
  {
    id: 'bot-muted',
    label: 'Bot is muted',
    about: 'A moderator mutes it in voice: nobody hears what it sends.',
    isOn: ({ guild, discord }) => guild.members.get(discord.applicationId)?.mute === true,
    turn: ({ guild, discord }, on) => discord.mute(guild, discord.applicationId, on),
  },
  {
    id: 'voice-moved',
    label: 'Move voice server',
    about: 'The call goes on at another voice server.',
    turn: ({ guild, discord }) => discord.moveVoiceServer(guild),
  },
  {
    id: 'bot-moved',
    label: 'Drag the bot away',
    about: 'A moderator drags it to the other voice channel.',
    turn({ guild, discord, lounge }) {
      const there = discord.botVoiceChannel(guild) === lounge.id;
      discord.moveBot(guild, there ? guild.voiceChannel : lounge);
    },
  },
  {
    id: 'gateway-closed',
    label: 'Cut the gateway',
    about: 'Discord closes the bot’s connection; it may resume.',
    turn: ({ discord }) => discord.closeGateway(UNKNOWN_ERROR),
  },
  {
    id: 'gateway-lost',
    label: 'End gateway session',
    about: 'Discord forgets the bot’s session, and its place in voice with it.',
    turn: ({ discord }) => discord.invalidSession(false),
  },
];

export function faultsOf(world: Servers): Fault[] {
  return SWITCHES.map(({ id, label, about, isOn }) => ({
    id,
    label,
    about,
    once: !isOn,
    on: isOn?.(world) ?? false,
  }));
}

/** Throws an Error that a reader understands if there is no such fault, or it cannot happen now. */
export function throwFault(world: Servers, id: string, on: boolean): void {
  const found = SWITCHES.find(one => one.id === id);
  if (!found) throw new Error(`there is no fault "${id}"`);
  found.turn(world, on);
}
