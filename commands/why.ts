import { messageIn, type SlashCommand, slash, textOption } from '../src/discord/command.ts';
import { UserError } from '../src/errors.ts';

export const why: SlashCommand = {
  data: slash('why', [textOption('message', { maxLength: 200 })]),
  async run(use, context, t) {
    const given = use.options.getString('message');
    const message = given === null ? null : messageIn(given);
    if (given !== null && message === null) throw new UserError('why.not-a-message');
    const { key, params } = await context.why(use, message);
    return t(key, params);
  },
};
