import { type SlashCommand, slash } from '../src/discord/interaction/command.ts';
import { messageIn } from '../src/discord/interaction/message-link.ts';
import { textOption } from '../src/discord/interaction/options.ts';
import { UserError } from '../src/errors.ts';

/** `/why` tells why the bot did not read a message: the one that the caller names, or else their last one. */
export const why: SlashCommand = {
  data: slash('why', [textOption('message', { maxLength: 200 })]),
  async run(interaction, services, t) {
    const given = interaction.options.getString('message');
    const message = given === null ? null : messageIn(given);
    if (given !== null && message === null) throw new UserError('why.not-a-message');
    const { key, params } = await services.why.toCommand(interaction, message);
    return t(key, params);
  },
};
