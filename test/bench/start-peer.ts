import { generate } from 'selfsigned';
import { startVoiceServer } from '../sandbox/discord/voice-server.ts';

/** The voice server of B1 and B7, in a process of its own: its work must not be measured with the bot's. */

export interface SeatRequest {
  readonly seats: number;
}

/** What a bot needs to be in one call. */
export interface Seat {
  readonly guildId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly token: string;
  readonly endpoint: string;
}

process.once('message', (request: SeatRequest) => {
  void open(request.seats);
});

async function open(count: number): Promise<void> {
  const pem = await generate([{ name: 'commonName', value: 'Parrotfish bench, voice' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const server = await startVoiceServer({ certificate: { cert: pem.cert, key: pem.private } });
  const seats: Seat[] = Array.from({ length: count }, (_, index) => {
    const ticket = {
      guildId: String(1_000 + index),
      channelId: String(2_000 + index),
      userId: '3000',
      sessionId: `session-${index}`,
    };
    return { ...ticket, token: server.admit(ticket), endpoint: server.endpoint };
  });
  process.send?.({ seats, ca: pem.cert });
}
