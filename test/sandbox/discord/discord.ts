import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCertificate } from './certificate.ts';
import type { FakeChannel } from './channel.ts';
import type { FakeDiscord } from './fake-discord.ts';
import { noFaults } from './faults.ts';
import { Gateway } from './gateway.ts';
import { FakeGuild } from './guild.ts';
import { Interactions } from './interactions.ts';
import type { Message } from './message.ts';
import { RestServer } from './rest-server.ts';
import { channelRoutes } from './routes-channels.ts';
import { commandRoutes } from './routes-commands.ts';
import { gatewayRoutes } from './routes-gateway.ts';
import { interactionRoutes } from './routes-interactions.ts';
import { createSnowflakes } from './snowflake.ts';
import type { FakeUser } from './user.ts';
import type { VoiceServer } from './voice-api.ts';
import { VoiceCalls } from './voice-calls.ts';
import { startVoiceServer } from './voice-server.ts';
import { mayEnter, VoiceStates } from './voice-states.ts';

export type { FakeDiscord } from './fake-discord.ts';
export type { FakeGuild } from './guild.ts';
export type { FakeUser } from './user.ts';

const READY_WITHIN_MS = 10_000;

const base64 = (text: string) => Buffer.from(text).toString('base64url');

/** Starts a Discord without servers or people. */
export async function startDiscord({
  voiceServers = 1,
}: {
  voiceServers?: number;
} = {}): Promise<FakeDiscord> {
  const nextId = createSnowflakes();
  const bot: FakeUser = { id: nextId(), name: 'Parrotfish', bot: true };
  const token = `${base64(bot.id)}.${randomBytes(4).toString('base64url')}.${randomBytes(28).toString('base64url')}`;
  const faults = noFaults();
  const guilds = new Map<string, FakeGuild>();
  const messages = new Map<string, Message>();
  const ending = new AbortController();
  await using stack = new AsyncDisposableStack();
  const certificate = stack.use(await createCertificate());
  const voice: VoiceServer[] = [];
  for (let index = 0; index < voiceServers; index += 1)
    voice.push(stack.use(await startVoiceServer({ certificate })));

  const http = createServer();
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  const url = () => `ws://${host}/gateway`;

  const dispatch = (guildId: string, event: string, data: object) => gateway.dispatch(guildId, event, data);
  const calls = new VoiceCalls(voice);
  const voiceStates = stack.use(new VoiceStates({ botId: bot.id, faults, guilds, calls, dispatch }));
  const gateway = stack.use(
    new Gateway({
      token,
      bot,
      faults,
      guilds,
      url,
      onVoiceState: (session, data) => voiceStates.request(session, data),
      onSessionEnded: session => voiceStates.onSessionEnded(session),
    }),
  );
  const interactions = new Interactions({ bot, faults, nextId, dispatch, signal: ending.signal });
  const rest = new RestServer({
    token,
    faults,
    routes: [
      ...gatewayRoutes(bot, faults, url, () => gateway.identifies.length),
      ...commandRoutes({
        applicationId: bot.id,
        nextId,
        registered: () => interactions.registered,
        register: commands => interactions.register(commands),
      }),
      ...interactionRoutes(bot.id, secret => interactions.find(secret)),
      ...channelRoutes({ bot, guilds, messages, voiceStates, nextId, dispatch }),
    ],
  });
  http.on('request', (request, response) => {
    rest.handle(request, response).catch((error: unknown) => {
      if (!request.complete) return; // the client went away
      response.destroy();
      throw error;
    });
  });
  http.on('upgrade', (request, socket, head) => {
    if (request.url?.startsWith('/gateway')) gateway.accept(request, socket, head);
    else socket.destroy();
  });
  stack.defer(() => {
    http.closeAllConnections();
    return new Promise<void>(resolve => {
      http.close(() => resolve());
    });
  });
  stack.defer(() => ending.abort());

  const addUser = (name: string, { bot: isBot = false } = {}): FakeUser => ({
    id: nextId(),
    name,
    bot: isBot,
  });
  const guildOf = (channel: FakeChannel): FakeGuild => {
    const guild = guilds.get(channel.guildId);
    if (!guild) throw new Error(`the channel ${channel.name} is in no server of this Discord`);
    return guild;
  };
  const leave = async (user: FakeUser, guild: FakeGuild): Promise<void> => {
    const state = guild.voiceStates.get(user.id);
    voiceStates.clear(guild, user.id);
    if (state) await calls.exit(user.id, state.channelId);
  };

  const owned = stack.move();
  return {
    apiUrl: `http://${host}/api`,
    token,
    applicationId: bot.id,
    caFile: certificate.file,
    voice,
    faults,
    requests: rest.records,
    identifies: gateway.identifies,
    get registered() {
      return interactions.registered;
    },
    get connections() {
      return gateway.connections;
    },
    get lastIdentify() {
      return gateway.identifies.at(-1);
    },
    addUser,
    addGuild({ name = 'Server' } = {}) {
      const tell = (event: string, data: object) => dispatch(guild.id, event, data);
      const guild: FakeGuild = new FakeGuild({ name, owner: addUser('Owner'), bot, nextId, dispatch: tell });
      guilds.set(guild.id, guild);
      gateway.announce(guild);
      return guild;
    },
    async join(user, channel) {
      const guild = guildOf(channel);
      if (!mayEnter(guild, channel, user.id))
        throw new Error(`${user.name} may not enter ${channel.name}, or it is full`);
      const before = guild.voiceStates.get(user.id);
      const sessionId = randomBytes(16).toString('hex');
      const flags = { selfMute: false, selfDeaf: false, suppress: false, requestToSpeak: null };
      voiceStates.put(guild, { userId: user.id, channelId: channel.id, sessionId, ...flags });
      if (before) await calls.exit(user.id, before.channelId);
      return calls.enter(user.id, channel.id);
    },
    leave,
    moveBot: (guild, channel) => voiceStates.moveBot(guild, channel),
    moveVoiceServer: (guild, options) => voiceStates.moveServer(guild, options),
    command: (user, guild, name, options = {}, { channel = guild.textChannel } = {}) =>
      interactions.use(user, guild, name, options, channel),
    botVoiceChannel: guild => guild.voiceStates.get(bot.id)?.channelId ?? null,
    op4Count: guild => voiceStates.requestCount(guild.id),
    async ready(timeoutMs = READY_WITHIN_MS) {
      const signal = AbortSignal.timeout(timeoutMs);
      while (!gateway.ready) await once(gateway, 'ready', { signal });
    },
    closeGateway: code => gateway.close(code),
    reconnectGateway: () => gateway.askToReconnect(),
    invalidSession: resumable => gateway.invalidate(resumable),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
