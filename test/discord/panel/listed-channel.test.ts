import { expect, test } from 'vitest';
import { channelPlain, channelWith } from '../../../src/discord/panel/read-form.ts';
import { withVoice } from '../../../src/discord/panel/voice-slots.ts';
import { guildDefaults } from '../../../src/settings/guild.ts';

const GONE = '123456789012345678';

test('what is set for a channel that leaves the list before its turn comes is refused, and not dropped in silence', () => {
  for (const change of [
    () => channelWith(guildDefaults, GONE, { speed: 1.5 }),
    () => channelPlain(guildDefaults, GONE),
    () => withVoice(guildDefaults, { kind: 'channel', id: GONE }, 'a-voice'),
  ])
    expect(change).toThrow('panel.channel-left');
});
