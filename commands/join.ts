import { type Command, slash, voiceChannelGiven, voiceChannelOption } from '../src/discord/command.ts';

export const join: Command = {
  data: slash('join', 'Bring me into a voice channel', [
    voiceChannelOption('channel', 'Where to; otherwise the voice channel you are in'),
  ]),
  public: true,
  async run(use, context) {
    const session = context.enter(use, voiceChannelGiven(use, 'channel'));
    await session.joined;
    return `I'm in <#${session.channelId}>. Use \`/say\` and I speak your words there; the text is sent to Fish Audio, which makes my voice.`;
  },
};
