import { type Command, slash } from '../src/discord/command.ts';

export const leave: Command = {
  data: slash('leave', 'Send me out of the voice channel; what is queued is dropped'),
  public: true,
  async run(use, context) {
    const session = context.sessionOfCaller(use);
    const { channelId } = session;
    session.close();
    await session.ended;
    return `I left <#${channelId}>.`;
  },
};
