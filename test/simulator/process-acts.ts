import type { VoiceStep } from '../support/meddling.ts';
import { type Given, lasting, type RoomAct, type WorldAct } from './act.ts';

interface ForSoLong extends Given {
  readonly ms: number;
}

const DOWN = ['left', 'not-here', 'not-in-voice', 'not-joined', 'restarting'] as const;

const kill: WorldAct<ForSoLong> = {
  name: 'the bot is killed, and started again',
  scope: 'process',
  weight: 2,
  costs: { forgets: true, unseen: true, lines: true, joins: 4, reasons: DOWN },
  draw: random => ({ ms: lasting(random, 0, 1_000) }),
  begin: scene => scene.stopBot('SIGKILL'),
  end: scene => scene.startBot(),
};

const restart: WorldAct<ForSoLong> = {
  name: 'the bot is asked to end, and started again',
  scope: 'process',
  weight: 2,
  costs: { forgets: true, unseen: true, packets: 25, joins: 4, reasons: DOWN },
  draw: random => ({ ms: lasting(random, 0, 1_000) }),
  begin: scene => scene.stopBot('SIGTERM'),
  end: scene => scene.startBot(),
};

const clock: WorldAct<{ readonly byMs: number }> = {
  name: 'the clock is set',
  scope: 'process',
  weight: 2,
  draw: random => ({ byMs: random.pick([-3_600_000, -3_000, -50, 50, 5_000, 3_600_000]) }),
  begin: ({ bot }, { byMs }) => bot.order({ do: 'set clock', byMs }),
};

const block: WorldAct<ForSoLong> = {
  name: 'the process stands still',
  scope: 'process',
  weight: 2,
  draw: random => ({ ms: lasting(random, 100, 1_000) }),
  begin: ({ bot }, { ms }) => bot.order({ do: 'block', ms }),
};

const frozen: WorldAct<ForSoLong> = {
  name: 'the process is stopped by the system, and goes on',
  scope: 'process',
  weight: 1,
  // A packet that is on its way to the voice server may find the connection gone.
  costs: { unanswered: true, packets: 2 },
  draw: random => ({ ms: lasting(random, 200, 2_000) }),
  begin: ({ bot }) => void process.kill(bot.pid, 'SIGSTOP'),
  end(scene) {
    if (scene.running) process.kill(scene.bot.pid, 'SIGCONT');
  },
};

const fault: RoomAct<{ readonly in: VoiceStep }> = {
  name: 'the voice library throws',
  scope: 'room',
  weight: 2,
  costs: { packets: 25, joins: 2 },
  draw: random => ({
    in: random.pick(['encryptOpusPacket', 'prepareAudioPacket', 'dispatchAudio', 'udp'] as const),
  }),
  begin: ({ guild, order }, { in: step }) => order({ do: 'throw', in: step, guildId: guild.id }),
};

export const PROCESS_ACTS: readonly (WorldAct | RoomAct)[] = [kill, restart, clock, block, frozen, fault];
