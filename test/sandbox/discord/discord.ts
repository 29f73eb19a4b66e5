import { once } from 'node:events';
import { Accounts, botToken } from './accounts.ts';
import { BotMessages } from './bot-messages.ts';
import { Cdn } from './cdn.ts';
import { createCertificate } from './certificate.ts';
import { conversationOf } from './conversation.ts';
import type { FakeDiscord } from './fake-discord.ts';
import { noFaults } from './faults.ts';
import { Gateway } from './gateway.ts';
import { FakeGuild } from './guild.ts';
import { Happenings } from './happenings.ts';
import type { Sharding } from './identify-limit.ts';
import { INTENT } from './intents.ts';
import { Interactions } from './interactions.ts';
import { Messages } from './messages.ts';
import { outgoing } from './outgoing.ts';
import { callerOf, People } from './people.ts';
import { CHANGES_PERMISSIONS } from './permissions.ts';
import { Reactions } from './reactions.ts';
import { RestServer } from './rest-server.ts';
import { channelRoutes } from './routes-channels.ts';
import { commandRoutes } from './routes-commands.ts';
import { gatewayRoutes } from './routes-gateway.ts';
import { guildRoutes } from './routes-guilds.ts';
import { interactionRoutes } from './routes-interactions.ts';
import { Servers } from './servers.ts';
import { createSnowflakes } from './snowflake.ts';
import type { VoiceServer } from './voice-api.ts';
import { VoiceCalls } from './voice-calls.ts';
import { VoicePeople } from './voice-people.ts';
import { type OnHeard, startVoiceServer } from './voice-server.ts';
import { VoiceStates } from './voice-states.ts';
import { VoiceStatuses } from './voice-statuses.ts';
import { WebHost } from './web-host.ts';
import { WritingDesk } from './writing-desk.ts';

export type { FakeDiscord } from './fake-discord.ts';
export type { FakeGuild } from './guild.ts';
export type { FakeInteraction } from './interaction.ts';
export type { FakeUser } from './user.ts';

const READY_WITHIN_MS = 60_000;

/**
 * Starts a Discord without servers or people. It is as strict as Discord: what Discord's client does not let people
 * do throws, what the API refuses is refused.
 */
export async function startDiscord({
  voiceServers = 1,
  messageContentAllowed = true,
  sharding,
}: {
  voiceServers?: number;
  /** The intent Message Content is enabled for the application. */
  messageContentAllowed?: boolean;
  /**
   * What Discord says of the bot's shards. The rate limit of IDENTIFY is then held strictly; without it a bot that is
   * started again soon need not wait five seconds, so that tests of other things do not either.
   */
  sharding?: Sharding;
} = {}): Promise<FakeDiscord> {
  const nextId = createSnowflakes();
  const happenings = new Happenings();
  const accounts = new Accounts(nextId);
  const bot = accounts.add('Parrotfish', { bot: true });
  const token = botToken(bot);
  const faults = { ...noFaults(), messageContentIntent: messageContentAllowed };
  const servers = new Servers({
    botId: bot.id,
    gateway: () => gateway,
    silence: guild => voiceStates.clear(guild, bot.id),
  });
  const guilds = servers.all;
  const ending = new AbortController();
  await using stack = new AsyncDisposableStack();
  const certificate = stack.use(await createCertificate());
  const cdn = stack.use(await Cdn.start(certificate, nextId));
  const voice: VoiceServer[] = [];
  const onHeard: OnHeard = (channelId, packet) => happenings.emit('heard', channelId, packet);
  for (let index = 0; index < voiceServers; index += 1)
    voice.push(stack.use(await startVoiceServer({ certificate, onHeard })));

  const web = stack.use(await WebHost.start());
  const url = () => web.gatewayUrl;
  const dispatch = (guildId: string, event: string, data: object) => {
    gateway.dispatch(guildId, event, data);
    happenings.emit('server', guildId, event);
  };
  const messages = new Messages({ botId: bot.id, guilds, dispatch, happenings });
  const statuses = new VoiceStatuses({ botId: bot.id, guilds, dispatch });
  const reactions = new Reactions({ botId: bot.id, guilds, messages, dispatch, happenings });
  const posts = new BotMessages({ bot, cdn, messages, guilds: servers.everywhere, nextId });
  const calls = new VoiceCalls(voice);
  const voiceStates = stack.use(new VoiceStates({ botId: bot.id, faults, guilds, calls, dispatch }));
  const gateway = stack.use(
    new Gateway({
      token,
      bot,
      faults,
      guilds,
      tells: guildId => servers.tells(guildId),
      url,
      channelInfo: guild => statuses.info(guild),
      maxConcurrency: sharding?.maxConcurrency ?? null,
      onVoiceState: (session, data) => voiceStates.request(session, data),
      onSessionEnded: session => voiceStates.onSessionEnded(session),
    }),
  );
  const installs = new Set<string>();
  const interactions = new Interactions({
    bot,
    faults,
    nextId,
    messages,
    posts,
    installs,
    interact: (guild, data) => gateway.interact(guild, data),
    signal: ending.signal,
  });
  const people = new People({
    applicationId: bot.id,
    cdn,
    faults,
    guilds: servers.everywhere,
    installs,
    interactions,
    messages,
  });
  const rest = new RestServer({
    token,
    faults,
    routes: [
      ...gatewayRoutes(
        bot,
        faults,
        sharding ?? { shards: 1, maxConcurrency: 1 },
        url,
        () => gateway.identifies.length,
      ),
      ...commandRoutes({
        applicationId: bot.id,
        nextId,
        registered: () => interactions.registered,
        register: commands => {
          interactions.register(commands);
          happenings.emit('registered');
        },
      }),
      ...interactionRoutes(bot.id, secret => interactions.find(secret)),
      ...channelRoutes({ bot, faults, guilds, messages, posts }),
      ...statuses.routes(),
      ...reactions.routes(),
      ...guildRoutes({ bot, guilds, users: accounts.users, voiceStates }),
    ],
  });
  web.serve(rest, gateway);
  stack.defer(() => ending.abort());

  const desk = new WritingDesk({ accounts, cdn, messages, nextId, servers });
  const inVoice = new VoicePeople({ botId: bot.id, calls, voiceStates });

  const owned = stack.move();
  return {
    apiUrl: `http://${web.host}/api`,
    token,
    applicationId: bot.id,
    caFile: certificate.file,
    cdnUrl: cdn.url,
    voice,
    faults,
    happenings,
    requests: rest.records,
    outgoing: () => outgoing(rest.records),
    identifies: gateway.identifies,
    earlyIdentifies: gateway.earlyIdentifies,
    get registered() {
      return interactions.registered;
    },
    get connections() {
      return gateway.connections;
    },
    get lastIdentify() {
      return gateway.identifies.at(-1);
    },
    addUser: (name, options) => accounts.add(name, options),
    addGuild({ name = 'Server', locale = 'en-US', withBot = true } = {}) {
      const guild: FakeGuild = new FakeGuild({
        withBot,
        name,
        locale,
        owner: accounts.add('Owner'),
        bot,
        nextId,
        dispatch(event, data) {
          dispatch(guild.id, event, data);
          if (CHANGES_PERMISSIONS.has(event)) voiceStates.permissionsChanged(guild);
        },
        onOut: (where, userId, code) => void inVoice.leave(where, userId, code),
      });
      servers.add(guild);
      return guild;
    },
    addConversation(...people) {
      const guild = conversationOf(people, { bot, nextId });
      servers.addDirect(guild);
      return guild;
    },
    install: user => void installs.add(user.id),
    uninstall: user => void installs.delete(user.id),
    setAvailable: (guild, available) => servers.setAvailable(guild, available),
    removeBot: guild => servers.removeBot(guild),
    addBot: guild => servers.addBot(guild),
    join: async (user, channel) => inVoice.join(user, channel, servers.of(channel)),
    leave: (user, guild) => inVoice.leave(guild, user.id),
    moveBot: (guild, channel) => voiceStates.moveBot(guild, channel),
    settleCalls: (channel, server) => calls.settle(channel.id, server),
    mute: (guild, userId, muted) => voiceStates.mute(guild, userId, muted),
    muteSelf: (user, guild, muted) => voiceStates.muteSelf(guild, user.id, muted),
    suppress: (guild, userId, suppressed) => voiceStates.suppress(guild, userId, suppressed),
    moveVoiceServer: (guild, options) => voiceStates.moveServer(guild, options),
    message: (user, channel, content, writing = {}) => desk.write(user, channel, content, writing),
    edit: (message, content) => desk.edit(message, content),
    deleteMessage: message => messages.delete(message),
    deleteMessages: gone => messages.deleteMany(gone),
    tellAgain: message => messages.tellAgain(message.id),
    messages: channel => messages.in(channel.id),
    voiceStatus: channel => statuses.of(channel),
    setVoiceStatus: (channel, status) => statuses.set(channel, status),
    reactions: message => reactions.of(message),
    command: (user, guild, name, options = {}, where = {}) =>
      people.command(callerOf(user, guild, where), name, options),
    autocomplete: (user, guild, name, focused, options = {}, where = {}) =>
      people.autocomplete(callerOf(user, guild, where), name, options, focused),
    messageMenu: (user, message, name, how = {}) => people.messageMenu(user, message, name, how),
    press: (user, where, customId) => people.press(user, where, customId),
    forge: (user, where, kind, data) => people.forge(user, where, kind, data),
    choose: (user, where, customId, values) => people.choose(user, where, customId, values),
    submit: (user, shown, values) => people.submit(user, shown, values),
    botVoiceChannel: guild => guild.voiceStates.get(bot.id)?.channelId ?? null,
    op4Count: guild => voiceStates.requestCount(guild.id),
    async ready(timeoutMs = READY_WITHIN_MS) {
      const signal = AbortSignal.timeout(timeoutMs);
      while (!gateway.ready) await once(gateway, 'ready', { signal });
    },
    withdrawMessageContent() {
      faults.messageContentIntent = false;
      gateway.revoke(INTENT.messageContent);
    },
    closeGateway: code => gateway.close(code),
    freezeGateway: () => gateway.freeze(),
    reconnectGateway: () => gateway.askToReconnect(),
    forget() {
      messages.forget();
      rest.records.length = 0;
      for (const server of voice) server.forget();
    },
    invalidSession: resumable => gateway.invalidate(resumable),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
