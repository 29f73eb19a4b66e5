import { type Command, slash, textOption } from '../src/discord/command.ts';

export const say: Command = {
  data: slash('say', 'Say something in your voice channel', [
    textOption('text', 'What I should say', { required: true, maxLength: 1000 }),
    textOption('voice', 'A Fish Audio voice id; otherwise the usual voice', { maxLength: 64 }),
  ]),
  async run(use, context) {
    const voice = use.options.getString('voice')?.trim() || undefined;
    const line = context.line(use, use.options.getString('text', true), voice);
    const session = context.enter(use, null);
    const before = session.say(line); // before any wait: nobody who comes later overtakes it
    await session.joined;
    if (session.paused) return 'Queued. I am paused: `/resume` lets me speak.';
    if (before === 0) return `Saying it in <#${session.channelId}>.`;
    return `Queued: ${before} ${before === 1 ? 'line comes' : 'lines come'} before yours.`;
  },
};
