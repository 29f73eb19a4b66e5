import { type Client, MessageFlags, type VoiceBasedChannel } from 'discord.js';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { countBytes } from '../speech/limits.ts';
import type { SessionRegistry } from '../speech/registry.ts';
import type { Session, SessionOptions } from '../speech/session.ts';
import { speakable } from '../text/speakable.ts';
import { checkMayJoin, companyIn } from './channels.ts';
import type { Command, CommandContext, CommandUse, StatusReport } from './command.ts';

export interface ContextOptions {
  readonly client: Client;
  readonly sessions: SessionRegistry;
  readonly commands: readonly Command[];
  /** What every session shares. */
  readonly shared: Pick<SessionOptions, 'fish' | 'request' | 'leaveAfterMs' | 'log'>;
  readonly status: () => StatusReport;
  readonly log: Logger;
}

/** What commands are run with: the bridge from Discord's people and channels to the speech sessions. */
export function createContext({
  client,
  sessions,
  commands,
  shared,
  status,
  log,
}: ContextOptions): CommandContext {
  const session = (use: CommandUse) => sessions.get(use.guildId);

  function channelOf(use: CommandUse): VoiceBasedChannel | null {
    return use.guild.voiceStates.cache.get(use.user.id)?.channel ?? null;
  }

  function open(use: CommandUse, channel: VoiceBasedChannel): Session {
    const { guild, channelId: noticesTo } = use;
    return sessions.open({
      ...shared,
      log: shared.log.child({ guildId: guild.id }),
      guildId: guild.id,
      channelId: channel.id,
      adapterCreator: guild.voiceAdapterCreator,
      company: id => companyIn(client, guild, id),
      notify: text => {
        const target = client.channels.cache.get(noticesTo);
        if (!target?.isSendable()) return;
        target
          .send({ content: text, allowedMentions: { parse: [] } })
          .catch((error: unknown) => log.warn({ guildId: guild.id, err: error }, 'notice not delivered'));
      },
    });
  }

  const answers = new WeakMap<CommandUse, Promise<void>>();

  /** Tells the caller, after the first answer: before it Discord takes no more, or would put this in its place. */
  async function tellCaller(use: CommandUse, text: string): Promise<void> {
    await answers.get(use);
    try {
      await use.followUp({ content: text, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
    } catch (error) {
      log.warn({ guildId: use.guildId, err: error }, 'notice not delivered');
    }
  }

  return {
    commands,
    expectAnswer: (use, answered) => answers.set(use, answered),
    session,
    status,

    sessionOfCaller(use) {
      const current = session(use);
      if (!current) throw new UserError("I'm not in a voice channel here. Use `/join` first.");
      const { humans } = companyIn(client, use.guild, current.channelId);
      if (humans > 0 && channelOf(use)?.id !== current.channelId)
        throw new UserError(`That is for those who listen: join me in <#${current.channelId}> first.`);
      return current;
    },

    enter(use, channel) {
      const target = channel ?? channelOf(use);
      if (!target) throw new UserError('Join a voice channel first, then I can follow you there.');
      const current = session(use);
      if (current?.channelId === target.id) return current;
      if (current && companyIn(client, use.guild, current.channelId).humans > 0)
        throw new UserError(
          `I'm with others in <#${current.channelId}> right now. Join me there, or ask again when they are done.`,
        );
      checkMayJoin(target);
      current?.move(target.id);
      return current ?? open(use, target);
    },

    line(use, text, voice) {
      const spoken = speakable(text);
      if (spoken === '') throw new UserError('There is nothing in that which I could say.');
      countBytes(spoken);
      return {
        userId: use.user.id,
        name: use.member.displayName,
        text: spoken,
        voice,
        onFailed: error => void tellCaller(use, error.message),
      };
    },
  };
}
