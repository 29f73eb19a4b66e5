import type { HeardPacket, Listener } from '../sandbox/discord/voice-api.ts';
import type { Room } from './room.ts';

/** All packets with speech that anybody in a server heard, in order, each once however many listened. */
export class Ears {
  readonly #room: Pick<Room, 'discord' | 'channel' | 'elsewhere'>;
  readonly #heard = new Map<string, HeardPacket>();
  readonly #bytes = new Set<string>();
  /** How much of what each of them heard is in `heard` already. */
  #taken = new WeakMap<Listener, number>();

  constructor(room: Pick<Room, 'discord' | 'channel' | 'elsewhere'>) {
    this.#room = room;
  }

  /** Until now. */
  get heard(): readonly HeardPacket[] {
    this.#listen();
    return [...this.#heard.values()].toSorted((a, b) => a.at - b.at);
  }

  /** Whether all these packets were heard, whenever that was. */
  haveHeard(packets: readonly Buffer[]): boolean {
    this.#listen();
    return packets.every(packet => this.#bytes.has(packet.toString('latin1')));
  }

  /** Call this after the sandbox has been made to forget it. */
  forget(): void {
    this.#heard.clear();
    this.#bytes.clear();
    this.#taken = new WeakMap();
  }

  #listen(): void {
    const { discord, channel, elsewhere } = this.#room;
    for (const { id } of [channel, elsewhere])
      for (const voice of discord.voice)
        for (const listener of voice.call(id).everybody) {
          for (const packet of listener.heard.slice(this.#taken.get(listener))) this.#take(packet);
          this.#taken.set(listener, listener.heard.length);
        }
  }

  #take(packet: HeardPacket): void {
    if (packet.silence) return;
    this.#heard.set(`${packet.at} ${packet.sequence} ${packet.userId}`, packet);
    this.#bytes.add(packet.opus.toString('latin1'));
  }
}
