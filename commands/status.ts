import { type Command, slash } from '../src/discord/command.ts';

function ms(value: number | null): string {
  return value === null ? 'not measured yet' : `${Math.round(value)} ms`;
}

export const status: Command = {
  data: slash('status', 'See what works and what does not'),
  run(use, context) {
    const { version, gatewayPingMs, fish } = context.status();
    const session = context.session(use);
    const voice = session?.status();
    return [
      `**Parrotfish ${version}**`,
      `Gateway: connected, ${ms(gatewayPingMs)}`,
      voice && session
        ? `Voice: <#${session.channelId}>, ${voice.state}, ${ms(voice.pingMs)}`
        : 'Voice: not in a channel here',
      `Encryption: ${voice?.endToEnd ? 'end to end' : voice ? 'transport only (nobody else is in the encrypted call)' : '–'}`,
      `Fish Audio: ${fish.model}, ${fish.lastError ? `last problem: ${fish.lastError}` : 'working'}, first sound after ${ms(fish.lastFirstAudioMs)}, ${fish.inFlight} of ${fish.limit} in use, ${fish.waiting} waiting`,
    ].join('\n');
  },
};
