import type { PanelWords } from '../../src/discord/panel/panel-words.ts';
import type { Translate } from '../../src/locale/catalogue.ts';

/** How the panel puts settings into words, where each channel, role, bot and voice is named by its id. */
export function plainWords(t: Translate, more: Partial<PanelWords> = {}): PanelWords {
  return {
    t,
    usdPerMillionBytes: 15,
    voiceOf: () => undefined,
    voice: id => `**${id}**`,
    plainVoice: id => id,
    language: code => code,
    channel: id => `<#${id}>`,
    plainChannel: id => `#${id}`,
    role: id => `<@&${id}>`,
    bot: id => `<@${id}>`,
    plainBot: id => id,
    ...more,
  };
}
