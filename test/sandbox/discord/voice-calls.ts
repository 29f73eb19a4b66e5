import type { Listener, VoiceServer } from './voice-api.ts';

interface Placement {
  server: number;
  /** Listening people. */
  readonly guests: Set<string>;
}

/** Which voice server carries which channel's call, and who listens in it. */
export class VoiceCalls {
  readonly #servers: readonly VoiceServer[];
  readonly #placements = new Map<string, Placement>();
  /** Where new calls of a channel begin. */
  readonly #homes = new Map<string, number>();

  constructor(servers: readonly VoiceServer[]) {
    this.#servers = servers;
  }

  /** The voice server of the channel's call; a new call goes to the channel's home, or else to the first server. */
  server(channelId: string): VoiceServer {
    return this.#at(this.#placements.get(channelId)?.server ?? this.#homes.get(channelId) ?? 0);
  }

  /** New calls of the channel begin at this server, as if Discord had chosen another region for it. */
  settle(channelId: string, server: number): void {
    this.#at(server);
    this.#homes.set(channelId, server);
  }

  /** The server after the channel's present one. */
  next(channelId: string): number {
    return (this.#servers.indexOf(this.server(channelId)) + 1) % this.#servers.length;
  }

  /** Whether that user's client has a living voice session in the channel. */
  connected(channelId: string, userId: string): boolean {
    return this.server(channelId).call(channelId).clients.includes(userId);
  }

  /** What a member sends in a channel reaches nobody, or does again. */
  silence(userId: string, channelId: string, silent: boolean): void {
    for (const server of this.#servers) {
      const { silenced } = server.call(channelId);
      if (silent) silenced.add(userId);
      else silenced.delete(userId);
    }
  }

  /** A person comes to listen. */
  enter(userId: string, channelId: string): Promise<Listener> {
    this.#place(channelId).guests.add(userId);
    return this.#listen(userId, channelId);
  }

  /** A listening person goes. */
  async exit(userId: string, channelId: string): Promise<void> {
    if (!this.#placements.get(channelId)?.guests.delete(userId)) return;
    for (const server of this.#servers) await server.call(channelId).removeListener(userId);
  }

  /** The call goes on at another server. What people heard at the old one stays readable there. */
  async move(channelId: string, to: number): Promise<void> {
    const placement = this.#place(channelId);
    this.#at(to);
    placement.server = to;
    await Promise.all([...placement.guests].map(userId => this.#listen(userId, channelId)));
  }

  /** Forgets where a call was that nobody is in any more. */
  release(channelId: string): void {
    if (this.#placements.get(channelId)?.guests.size === 0) this.#placements.delete(channelId);
  }

  async #listen(userId: string, channelId: string): Promise<Listener> {
    const call = this.server(channelId).call(channelId);
    return call.listeners.get(userId) ?? call.addListener(userId);
  }

  #place(channelId: string): Placement {
    const placement = this.#placements.get(channelId) ?? {
      server: this.#homes.get(channelId) ?? 0,
      guests: new Set<string>(),
    };
    this.#placements.set(channelId, placement);
    return placement;
  }

  #at(index: number): VoiceServer {
    const server = this.#servers[index];
    if (!server) throw new RangeError(`the sandbox has no voice server number ${index}`);
    return server;
  }
}
