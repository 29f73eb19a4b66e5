import type { Servers } from '../world.ts';

/** What would be dangerous if a page took it as HTML: it would set `harmed`. */
export const HARM = '<img src=x onerror="globalThis.harmed=1"><script>globalThis.harmed=1</script>';

/**
 * Has somebody write it wherever people and bots can: as a name, a message, a file, a channel, and in each place of
 * components. The message of the person comes before that of the bot.
 */
export function tryHarm({ discord, guild }: Servers): void {
  const eve = discord.addUser(HARM);
  const bot = discord.addUser(`${HARM} bot`, { bot: true });
  for (const one of [eve, bot]) guild.addMember(one);
  guild.addTextChannel({ name: HARM });
  const words = `${HARM} **${HARM}** [${HARM}](https://a.example/"onclick=harmed) <@${eve.id}>`;
  discord.message(eve, guild.textChannel, words, {
    attachments: [
      { name: `${HARM}.png`, contentType: 'image/png', bytes: Buffer.from('x') },
      { name: `${HARM}.html`, contentType: 'text/html', bytes: Buffer.from(HARM) },
    ],
  });
  const text = { type: 10, content: HARM };
  const media = { type: 11, media: { url: `https://a.example/${HARM}` }, description: HARM };
  const option = { label: HARM, value: HARM, description: HARM };
  discord.message(bot, guild.textChannel, '', {
    components: [
      { type: 17, components: [text, { type: 9, components: [text], accessory: media }] },
      {
        type: 1,
        components: [
          { type: 2, style: 1, custom_id: `"${HARM}`, label: HARM, emoji: { name: HARM } },
          { type: 2, style: 5, url: 'javascript:globalThis.harmed=1', label: 'run' },
        ],
      },
      { type: 1, components: [{ type: 3, custom_id: HARM, placeholder: HARM, options: [option] }] },
    ],
  });
}
