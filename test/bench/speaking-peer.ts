import { generate } from 'selfsigned';
import { startVoiceServer } from '../sandbox/discord/voice-server.ts';
import { median, percentile } from './figures.ts';

// The voice server and the observer of the benchmarks with many guilds, in a process of its own: neither its work nor
// its pauses must be measured with those of the bot.

export interface SeatRequest {
  readonly seats: number;
  /** Whether calls are end-to-end encrypted; then somebody else is in each of them. */
  readonly dave: boolean;
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

export interface Seats {
  readonly seats: readonly Seat[];
  /** The certificate of the voice server, to be trusted. */
  readonly ca: string;
  /** Where packets go. */
  readonly udp: { readonly ip: string; readonly port: number };
}

/** What was observed between `begin` and `end`. */
export interface Observed {
  readonly packets: number;
  /** Packets a second and guild. */
  readonly rate: number;
  /** How far the packets of a guild are from 20 ms apart. */
  readonly jitterP50Ms: number;
  readonly jitterP99Ms: number;
  /** How far those of the control are from 20 ms apart. */
  readonly controlP99Ms: number;
}

/** Packets with this SSRC come from a bare timer, and show how exact time is on this machine just now. */
export const CONTROL_SSRC = 0;
const SSRC_AT = 8;
const SEQUENCE_AT = 2;
const FRAME_MS = 20;

const last = new Map<number, { at: number; sequence: number }>();
let packets = 0;
let from = 0;
const off: number[] = [];
const controlOff: number[] = [];

function observe(datagram: Buffer): void {
  const at = performance.now();
  const ssrc = datagram.readUInt32BE(SSRC_AT);
  const sequence = datagram.readUInt16BE(SEQUENCE_AT);
  const before = last.get(ssrc);
  if (before && sequence === ((before.sequence + 1) & 0xffff))
    (ssrc === CONTROL_SSRC ? controlOff : off).push(Math.abs(at - before.at - FRAME_MS));
  if (ssrc !== CONTROL_SSRC) packets += 1;
  if (before) {
    before.at = at;
    before.sequence = sequence;
  } else last.set(ssrc, { at, sequence });
}

function begin(): void {
  last.clear();
  packets = 0;
  off.length = 0;
  controlOff.length = 0;
  from = performance.now();
}

function end(): Observed {
  const guilds = [...last.keys()].filter(ssrc => ssrc !== CONTROL_SSRC).length;
  return {
    packets,
    rate: packets / guilds / ((performance.now() - from) / 1_000),
    jitterP50Ms: median(off),
    jitterP99Ms: percentile(off, 99),
    controlP99Ms: percentile(controlOff, 99),
  };
}

async function open({ seats: count, dave }: SeatRequest): Promise<void> {
  const pem = await generate([{ name: 'commonName', value: 'Parrotfish bench, voice' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const server = await startVoiceServer({
    certificate: { cert: pem.cert, key: pem.private },
    onDatagram: observe,
  });
  server.dave = dave;
  const seats: Seat[] = [];
  for (let index = 0; index < count; index += 1) {
    const ticket = {
      guildId: String(1_000 + index),
      channelId: String(200_000 + index),
      userId: '3000',
      sessionId: `session-${index}`,
    };
    if (dave) await server.call(ticket.channelId).addListener('4000');
    seats.push({ ...ticket, token: server.admit(ticket), endpoint: server.endpoint });
  }
  process.send?.({ seats, ca: pem.cert, udp: server.udp } satisfies Seats);
}

process.once('disconnect', () => process.exit());
process.on('message', (message: SeatRequest | 'begin' | 'end') => {
  if (message === 'begin') begin();
  else if (message === 'end') process.send?.(end());
  else void open(message);
});
