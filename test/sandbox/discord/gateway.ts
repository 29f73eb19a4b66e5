import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { DiscordFaults } from './faults.ts';
import { CLOSE, GatewayConnection, type GatewayHost, type VoiceRequest } from './gateway-connection.ts';
import { GatewaySession, type Identify } from './gateway-session.ts';
import type { FakeGuild } from './guild.ts';
import { guildCreatePayload } from './guild-create.ts';
import { IdentifyLimit } from './identify-limit.ts';
import { INTENT } from './intents.ts';
import { isRecord, type JsonObject } from './json.ts';
import { memberPayload } from './member.ts';
import { withoutContent } from './message-event.ts';
import { GATEWAY_VERSION, readyPayload } from './ready.ts';
import type { FakeUser } from './user.ts';

/** A session without a socket may be resumed for this long. */
const RESUMABLE_MS = 120_000;
/** Closed with one of these by Discord, or with 1000 or 1001 by the bot, a session is over. */
const FINAL_CODES = new Set([4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014]);
const FINAL_CODES_OF_CLIENT = new Set([1000, 1001]);
const CONTENT_EVENTS = new Set(['MESSAGE_CREATE', 'MESSAGE_UPDATE']);

interface GatewayOptions {
  readonly token: string;
  readonly bot: FakeUser;
  readonly faults: DiscordFaults;
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  /** Whether the bot is told of what happens in a server. */
  readonly tells: (guildId: string) => boolean;
  /** ws:// address that bots are told. */
  readonly url: () => string;
  /** What a bot is told that asks for the statuses of a server's voice channels. */
  readonly channelInfo: (guild: FakeGuild) => object;
  /** So many shards may identify at once; null for a bot that is not held to the rate limit. */
  readonly maxConcurrency: number | null;
  readonly onVoiceState: (session: GatewaySession, request: VoiceRequest) => void;
  readonly onSessionEnded: (session: GatewaySession) => void;
}

const isUser = (data: object, id: string) => 'user' in data && isRecord(data.user) && data.user['id'] === id;

/** The gateway: sessions of the bot, and what it is told. (Discord, "Gateway", version 10, JSON, uncompressed.) */
export class Gateway extends EventEmitter<{ ready: [] }> {
  readonly #options: GatewayOptions;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections = new Map<WebSocket, GatewayConnection>();
  readonly #sessions = new Map<string, GatewaySession>();
  readonly #expiries = new Map<GatewaySession, NodeJS.Timeout>();
  readonly #limit: IdentifyLimit | null;
  readonly identifies: Identify[] = [];
  /** Every IDENTIFY that came too early. */
  readonly earlyIdentifies: Identify[] = [];

  constructor(options: GatewayOptions) {
    super();
    this.#options = options;
    const { maxConcurrency } = options;
    this.#limit = maxConcurrency === null ? null : new IdentifyLimit(maxConcurrency);
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** A session that was told of READY and all its servers, and has a socket. */
  get ready(): boolean {
    return [...this.#sessions.values()].some(session => session.ready && session.socket);
  }

  /** Takes over a socket that asks for the gateway's protocol. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, ws => {
      const query = new URL(request.url ?? '/', 'ws://gateway').searchParams;
      if (query.get('v') !== `${GATEWAY_VERSION}`) ws.close(CLOSE.invalidVersion, 'Invalid API version.');
      else if ((query.get('encoding') ?? 'json') !== 'json' || query.has('compress'))
        ws.close(CLOSE.decodeError, 'The sandbox speaks uncompressed JSON only.');
      else {
        if (this.#options.faults.binaryGateway) sendInBinary(ws);
        this.#connections.set(ws, new GatewayConnection(ws, this.#host(), request.socket.remotePort ?? 0));
        ws.on('close', () => this.#connections.delete(ws));
      }
    });
  }

  /** Tells every session whose shard has the server; without Message Content, of messages less than all. */
  dispatch(guildId: string, event: string, data: object): void {
    if (!this.#options.tells(guildId)) return;
    const { bot } = this.#options;
    const own = event === 'GUILD_MEMBER_UPDATE' && isUser(data, bot.id); // needs no intent
    for (const session of this.#sessions.values()) {
      if (!session.has(guildId)) continue;
      const bare = CONTENT_EVENTS.has(event) && (session.identify.intents & INTENT.messageContent) === 0;
      session.dispatch(event, bare ? withoutContent({ ...data }, bot.id) : data, own);
    }
  }

  /** Tells of an interaction, which may come from where the bot is not; one outside servers goes to the first shard. */
  interact({ id, direct }: FakeGuild, data: object): void {
    for (const session of this.#sessions.values())
      if (session.has(direct ? '0' : id)) session.dispatch('INTERACTION_CREATE', data);
  }

  /** Tells every session of a new server. */
  announce(guild: FakeGuild): void {
    for (const session of this.#sessions.values()) if (session.has(guild.id)) this.#tellGuild(session, guild);
  }

  /** Tells every session that a server is out of reach, or that the bot is no longer in it. */
  withdraw({ id }: FakeGuild, outage: boolean): void {
    const gone = { id, ...(outage && { unavailable: true }) };
    for (const session of this.#sessions.values())
      if (session.has(id)) session.dispatch('GUILD_DELETE', gone);
  }

  /** Closes the sessions whose bot asked for an intent (a bit) that it no longer may have. */
  revoke(intent: number): void {
    for (const session of this.#sessions.values()) {
      if ((session.identify.intents & intent) === 0) continue;
      const connection = session.socket && this.#connections.get(session.socket);
      this.#end(session);
      connection?.close(CLOSE.disallowedIntents, 'Disallowed intent(s).');
    }
  }

  close(code: number): void {
    for (const session of this.#sessions.values())
      if (FINAL_CODES.has(code) && session.socket) this.#end(session);
    for (const connection of this.#connections.values()) connection.close(code);
  }

  /** All present sockets are half open from now on. */
  freeze(): void {
    for (const connection of this.#connections.values()) connection.freeze();
  }

  askToReconnect(): void {
    for (const connection of this.#connections.values()) connection.askToReconnect();
  }

  invalidate(resumable: boolean): void {
    for (const connection of this.#connections.values()) {
      const session = connection.invalidate(resumable);
      if (!session) continue;
      if (resumable) this.#expire(session);
      else this.#end(session);
    }
  }

  [Symbol.dispose](): void {
    for (const timer of this.#expiries.values()) clearTimeout(timer);
    this.#sessions.clear(); // no session outlives the server, waiting to be resumed
    for (const socket of this.#connections.keys()) socket.terminate();
    this.#server.close();
  }

  #host(): GatewayHost {
    const { token, faults, guilds, channelInfo, onVoiceState } = this.#options;
    return {
      token,
      get messageContent() {
        return faults.messageContentIntent;
      },
      get heartbeatMs() {
        return faults.gatewayHeartbeatMs;
      },
      get resume() {
        return faults.resume;
      },
      refusal: () => faults.identifyClose,
      inTime: identify => {
        const isInTime = this.#limit?.takes(identify.shard[0], identify.at) ?? true;
        if (!isInTime) this.earlyIdentifies.push(identify);
        return isInTime;
      },
      start: (identify, socket) => this.#start(identify, socket),
      find: id => this.#sessions.get(id),
      onResumed: session => {
        clearTimeout(this.#expiries.get(session));
        this.#expiries.delete(session);
        this.emit('ready');
      },
      onVoiceState,
      onRequestMembers: (session, data) => this.#sendMembers(session, data),
      onRequestChannelInfo: (session, guildId) => {
        const guild = guilds.get(guildId);
        if (guild && session.has(guildId)) session.dispatch('CHANNEL_INFO', channelInfo(guild));
      },
      onGone: (session, code) => {
        session.socket = null;
        if (code !== null && FINAL_CODES_OF_CLIENT.has(code)) this.#end(session);
        else this.#expire(session);
      },
    };
  }

  #start(identify: Identify, socket: WebSocket): GatewaySession {
    const { bot, faults, guilds, url } = this.#options;
    const toldAs = (event: string, data: object) => faults.toldAs?.(event, { ...data }) ?? data;
    const session = new GatewaySession(identify, socket, toldAs);
    this.identifies.push(identify);
    this.#sessions.set(session.id, session);
    const own = [...guilds.values()].filter(guild => session.has(guild.id) && guild.members.has(bot.id));
    const guildIds = own.map(({ id }) => id);
    const messageContent = faults.messageContentIntent;
    session.dispatch('READY', readyPayload(session, { bot, guildIds, url: url(), messageContent }));
    for (const guild of own) this.#tellGuild(session, guild);
    session.ready = true;
    this.emit('ready');
    return session;
  }

  #tellGuild(session: GatewaySession, guild: FakeGuild): void {
    if (!guild.available) {
      session.dispatch('GUILD_CREATE', { id: guild.id, unavailable: true });
      return;
    }
    const voiceStates = (session.identify.intents & INTENT.guildVoiceStates) !== 0;
    session.dispatch('GUILD_CREATE', guildCreatePayload(guild, this.#options.bot.id, voiceStates));
  }

  /** Members asked for by id; a list of all needs an intent that is not enabled. */
  #sendMembers(session: GatewaySession, data: JsonObject): void {
    const guild = this.#options.guilds.get(String(data['guild_id']));
    if (!guild) return;
    const asked = [data['user_ids'] ?? []].flat().map(String);
    const members = asked.map(id => guild.members.get(id)).filter(member => member !== undefined);
    session.dispatch('GUILD_MEMBERS_CHUNK', {
      guild_id: guild.id,
      members: members.map(memberPayload),
      chunk_index: 0,
      chunk_count: 1,
      not_found: asked.filter(id => !guild.members.has(id)),
      ...(typeof data['nonce'] === 'string' && { nonce: data['nonce'] }),
    });
  }

  /** A session that goes on has lost its socket, and is kept for a while. */
  #expire(session: GatewaySession): void {
    if (!this.#sessions.has(session.id)) return;
    clearTimeout(this.#expiries.get(session));
    this.#expiries.set(
      session,
      setTimeout(() => this.#end(session), RESUMABLE_MS),
    );
  }

  #end(session: GatewaySession): void {
    clearTimeout(this.#expiries.get(session));
    this.#expiries.delete(session);
    if (this.#sessions.delete(session.id)) this.#options.onSessionEnded(session);
  }
}

/** Has all text that is sent by this socket from now on go out in binary frames. */
function sendInBinary(ws: WebSocket): void {
  const send = ws.send.bind(ws) as (data: Buffer) => void;
  ws.send = (text: unknown) => send(Buffer.from(String(text)));
}
