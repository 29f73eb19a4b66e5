import type { Subcommand } from '../src/discord/interaction/command.ts';
import { voiceOption } from '../src/discord/interaction/options.ts';
import { plain } from '../src/discord/interaction/texts.ts';

/** `/voice forget` deletes a voice that was made from a recording. */
export const voiceForget: Subcommand = {
  name: 'forget',
  options: [voiceOption({ required: true })],
  complete: (interaction, services) =>
    services.cloning.choices(interaction, interaction.options.getFocused()),
  async run(interaction, services, t) {
    const { name, everywhere } = await services.cloning.forget(
      interaction,
      interaction.options.getString('voice', true),
    );
    return t(everywhere ? 'clone.forgotten' : 'clone.forgotten-here', { name: plain(name) });
  },
};
