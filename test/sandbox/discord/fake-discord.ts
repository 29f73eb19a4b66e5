import type { NewUser } from './accounts.ts';
import type { FakeChannel } from './channel.ts';
import type { OptionValue } from './command-data.ts';
import type { Choice } from './component-data.ts';
import type { DiscordFaults } from './faults.ts';
import type { Identify } from './gateway-session.ts';
import type { FakeGuild } from './guild.ts';
import type { Happenings } from './happenings.ts';
import type { FakeInteraction } from './interaction.ts';
import type { JsonObject } from './json.ts';
import type { FakeMessage } from './message.ts';
import type { FieldValue } from './modal-data.ts';
import type { Outgoing } from './outgoing.ts';
import type { Reaction } from './reactions.ts';
import type { RestRecord } from './rest-server.ts';
import type { FakeUser } from './user.ts';
import type { Listener, VoiceServer } from './voice-api.ts';
import type { ServerMove } from './voice-states.ts';
import type { Writing } from './written-message.ts';

interface Where {
  readonly channel?: FakeChannel;
  readonly force?: boolean;
}

/**
 * A Discord on this machine, for one bot: REST, gateway and voice over real sockets. How tests use it:
 *
 * ```ts
 * const guild = discord.addGuild({ locale: 'ja' });                       // guild.textChannel, guild.voiceChannel
 * const ana = discord.addUser('Ana', { locale: 'de' });
 * guild.addMember(ana, { permissions: '32', nick: 'Queen' });             // decimal bits over what people may do
 * const dj = guild.addRole('DJ');  guild.setRoles(ana, [dj]);
 * const deny = [{ id: ana.id, type: 1, allow: '0', deny: '1024' }] as const;      // type 0 for a role; 1024: view
 * const hidden = guild.addTextChannel({ name: 'hidden', permissionOverwrites: deny });
 * const thread = guild.addThread(guild.textChannel);
 * const listener = await discord.join(ana, guild.voiceChannel);           // joins or moves; discord.leave(ana, guild)
 * const sent = discord.message(ana, guild.textChannel, 'Hi', { silent: true });
 * discord.message(ana, guild.textChannel, 'Yes', { replyTo: sent, attachments: [{ name: 'a.png' }] });
 * discord.message(ana, guild.textChannel, '', { forward: sent });         // or stickers, poll; { webhook: { name } }
 * discord.edit(sent, 'Hello');  discord.tellAgain(sent);  discord.deleteMessage(sent);
 * const use = discord.command(ana, guild, 'voice set', { voice: 'x', file: { name: 'a.ogg', bytes } });
 * await use.reply();                                                      // the text; use.ephemeral, use.files,
 *                                                                         // use.components, use.message, use.messages
 * await discord.autocomplete(ana, guild, 'say', 'voice', { voice: 'par' });       // [{ name, value }]
 * discord.command(ben, guild, 'settings panel', {}, { force: true });     // past default_member_permissions
 * discord.messageMenu(ana, sent, 'Read aloud');
 * const changed = discord.choose(ana, use, 'announce', ['always']);       // or roles, channels, users; or press()
 * await changed.reply();                                                  // use shows the changed message as well
 * discord.submit(ana, pressed, { bytes: '500' });                         // the modal that `pressed` showed
 * discord.forge(ana, use, 'component', { custom_id: 'a', component_type: 2 });   // what no client would send
 * discord.install(ana);                                                  // for herself: use.owners, context
 * const away = discord.addGuild({ withBot: false });  away.addMember(ana);
 * const dm = discord.addConversation(ana, ben);                           // addConversation(ana): with the bot
 * discord.messageMenu(ana, discord.message(ben, dm.textChannel, 'Hi'), 'Save as audio');
 * discord.messages(guild.textChannel);                                    // all that stands there, the bot's too
 * for (const { message } of discord.outgoing()) expect(message).toMatchObject({ allowed_mentions: { parse: [] } });
 * const stage = guild.addVoiceChannel({ stage: true });                   // whoever comes is in the audience
 * discord.suppress(guild, discord.applicationId, false);                  // a stage moderator lets the bot speak
 * discord.mute(guild, discord.applicationId, true);                       // nobody hears what it sends
 * discord.setAvailable(guild, false);  discord.removeBot(guild);  discord.addBot(guild);
 * discord.withdrawMessageContent();                                       // 4014; discord.closeGateway(1001): a resume
 * ```
 */
export interface FakeDiscord extends AsyncDisposable {
  /** For `DISCORD_API_URL`, without the version. */
  readonly apiUrl: string;
  readonly token: string;
  /** The bot's user id too. */
  readonly applicationId: string;
  /** For `NODE_EXTRA_CA_CERTS`: the voice servers' certificate. */
  readonly caFile: string;
  /** The CDN that attachments' links point to, by HTTPS with the certificate of `caFile`. */
  readonly cdnUrl: string;
  /** A new call goes to the first, or where `settleCalls` says. */
  readonly voice: VoiceServer[];
  readonly faults: DiscordFaults;
  /** Tells what happens, as it happens. */
  readonly happenings: Happenings;
  /** Every REST call, in order of answering. */
  readonly requests: RestRecord[];
  /** Every message that the bot sent or changed, as it left: posts, replies, follow-ups, edits. */
  outgoing(): Outgoing[];
  /** Global commands as last registered. */
  readonly registered: readonly object[];
  /** Living gateway sockets. */
  readonly connections: number;
  /** Every accepted IDENTIFY. */
  readonly identifies: readonly Identify[];
  /** Every IDENTIFY that was not accepted, since it came before its place in the queue was free. */
  readonly earlyIdentifies: readonly Identify[];
  readonly lastIdentify: Identify | undefined;
  addUser(name: string, options?: NewUser): FakeUser;
  /** The bot is told, if it is connected. */
  addGuild(options?: { name?: string; locale?: string; withBot?: boolean }): FakeGuild;
  /**
   * A conversation outside servers: of one person with the bot, or of people alone. It goes in the form of a server,
   * whose `textChannel` it is. The bot is told of nothing there but interactions.
   */
  addConversation(...people: FakeUser[]): FakeGuild;
  /** A person installs the app for themselves: they have it in every server and conversation. */
  install(user: FakeUser): void;
  uninstall(user: FakeUser): void;
  /** Discord has an outage of a server (it takes the bot's voice there with it), or it is over. */
  setAvailable(guild: FakeGuild, available: boolean): void;
  /** Somebody throws the bot out, or invites it (again). */
  removeBot(guild: FakeGuild): void;
  addBot(guild: FakeGuild): void;
  /** A person enters a voice channel, from wherever they were in that server; throws where people may not. */
  join(user: FakeUser, channel: FakeChannel): Promise<Listener>;
  leave(user: FakeUser, guild: FakeGuild): Promise<void>;
  /** An admin drags the bot to a channel, or disconnects it. */
  moveBot(guild: FakeGuild, channel: FakeChannel | null): void;
  /** A moderator mutes a person, or the bot (by its id), in voice, or no longer. */
  mute(guild: FakeGuild, userId: string, muted: boolean): void;
  /** A person in voice switches their microphone off, or on again. */
  muteSelf(user: FakeUser, guild: FakeGuild, muted: boolean): void;
  /** A moderator of a stage lets somebody in it speak, or moves them to the audience (suppressed). */
  suppress(guild: FakeGuild, userId: string, suppressed: boolean): void;
  /** The bot's call goes on at another voice server. */
  moveVoiceServer(guild: FakeGuild, options?: ServerMove): void;
  /** New calls of a voice channel begin at that voice server (its number in `voice`). */
  settleCalls(channel: FakeChannel, server: number): void;
  /**
   * A person (or another bot) writes in a channel, which a voice channel is too. Throws where they may not.
   * The bot is told if its intents and permissions let it.
   */
  message(user: FakeUser, channel: FakeChannel, content: string, writing?: Writing): FakeMessage;
  /** Its author changes the text. */
  edit(message: Pick<FakeMessage, 'id' | 'guildId' | 'channelId'>, content: string): FakeMessage;
  deleteMessage(message: FakeMessage): void;
  /** Several of one channel at once; the bot is told by one event. */
  deleteMessages(messages: readonly FakeMessage[]): void;
  /** The bot is told of the message once more, with the same id, as happens around a resume. */
  tellAgain(message: FakeMessage): void;
  /** All messages that everybody in the channel sees, oldest first, as they are now. */
  messages(channel: FakeChannel): FakeMessage[];
  /** The status of a voice channel, below its name in the list of channels; null if it has none. */
  voiceStatus(channel: FakeChannel): string | null;
  /** Somebody in a voice channel changes its status, or takes it away. */
  setVoiceStatus(channel: FakeChannel, status: string | null): void;
  /** The reactions below a message, in the order in which they were added. */
  reactions(message: Pick<FakeMessage, 'id'>): readonly Reaction[];
  /**
   * A person uses a command, "voice set" for a subcommand; by default in the server's first text channel. What
   * Discord's client would not let them do rejects `firstResponse` and `reply()`. `force`: an administrator gave
   * them the command in Integrations, whatever permissions it asks for.
   */
  command(
    user: FakeUser,
    guild: FakeGuild,
    name: string,
    options?: Record<string, OptionValue>,
    where?: Where,
  ): FakeInteraction;
  /**
   * A person types in the option `focused` and is shown suggestions; `options` is what they filled in so far.
   * Rejects if none come in time.
   */
  autocomplete(
    user: FakeUser,
    guild: FakeGuild,
    name: string,
    focused: string,
    options?: Record<string, OptionValue>,
    where?: Where,
  ): Promise<readonly JsonObject[]>;
  /** A person chooses a command in the menu of a message, Apps. */
  messageMenu(
    user: FakeUser,
    message: Pick<FakeMessage, 'id'>,
    name: string,
    how?: { force?: boolean },
  ): FakeInteraction;
  /**
   * A person presses a button of a message, or of what an interaction shows. Throws if they see no message there;
   * a button that it does not have rejects `firstResponse` and `reply()`.
   */
  press(user: FakeUser, where: FakeMessage | FakeInteraction, customId: string): FakeInteraction;
  /** A person chooses in a select: values of options, or users, roles, channels. */
  choose(
    user: FakeUser,
    where: FakeMessage | FakeInteraction,
    customId: string,
    values: readonly Choice[],
  ): FakeInteraction;
  /** A person sends in the modal that the interaction showed them; fields by `custom_id`. */
  submit(
    user: FakeUser,
    shown: FakeInteraction,
    values: Readonly<Record<string, FieldValue>>,
  ): FakeInteraction;
  /**
   * A person sends what Discord's client would not: the `data` of a component or form of their own making, beside a
   * message that they see.
   */
  forge(
    user: FakeUser,
    where: FakeMessage | FakeInteraction,
    kind: 'component' | 'modal',
    data: object,
  ): FakeInteraction;
  /** Id of the channel where the gateway has the bot. */
  botVoiceChannel(guild: FakeGuild): string | null;
  /** Voice state updates (op 4) that the bot sent for the server. */
  op4Count(guild: FakeGuild): number;
  /** Waits for a bot that was told of READY and all its servers. */
  ready(timeoutMs?: number): Promise<void>;
  /** Message Content is switched off in the developer portal: who has it is closed with 4014, now and later. */
  withdrawMessageContent(): void;
  /** Closes all gateway sockets with a code. */
  closeGateway(code: number): void;
  /** The TCP connections of all gateway sockets are half open from now on; new ones work. */
  freezeGateway(): void;
  /** Asks the bot to reconnect and resume (op 7). */
  reconnectGateway(): void;
  /**
   * Drops what was noted until now, for runs of hours: requests, what was heard and sent in calls, and all messages but
   * the newest 500.
   */
  forget(): void;
  /** Declares sessions invalid (op 9); unless `resumable`, the bot's voice ends with them. */
  invalidSession(resumable: boolean): void;
}
