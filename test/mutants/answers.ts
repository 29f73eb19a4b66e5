import { edit, type Mutant, one } from './mutant.ts';

const PINGS = 'test/bot/pings.test.ts';

const byDefault = edit('src/discord/gateway/client.ts', '    allowedMentions: { parse: [] },\n', '');
/** Without the client's own default one of the places says nothing of mentions. */
const silently = (name: string, file: string, text: string, instead: string, named: string): Mutant => ({
  name: `nobody is pinged: ${name}`,
  edits: [byDefault, edit(file, text, instead)],
  test: PINGS,
  named,
});
const IN_ANSWERS = 'the answers of every command';

/** What goes out. */
export const ANSWERS: readonly Mutant[] = [
  silently('texts', 'src/discord/gateway/reply.ts', '    allowedMentions,\n', '', IN_ANSWERS),
  silently(
    'panels',
    'src/discord/gateway/reply.ts',
    'flags: MessageFlags.IsComponentsV2 as const, allowedMentions }',
    'flags: MessageFlags.IsComponentsV2 as const }',
    IN_ANSWERS,
  ),
  silently(
    'voice messages',
    'src/discord/gateway/voice-message.ts',
    '    allowedMentions: { parse: [] },\n',
    '',
    IN_ANSWERS,
  ),
  silently(
    'notices to a caller',
    'src/discord/notices.ts',
    'flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } }',
    'flags: MessageFlags.Ephemeral }',
    IN_ANSWERS,
  ),
  silently(
    'notices in a channel',
    'src/discord/notices.ts',
    'content: text,\n        allowedMentions: { parse: [] },',
    'content: text,',
    'a notice in a channel',
  ),
  silently(
    'answers that grow',
    'src/discord/ask/growing-message.ts',
    'editReply({ content, allowedMentions: { parse: [] } })',
    'editReply({ content })',
    'an answer that grows',
  ),
  one(
    'no control tokens reach Fish Audio',
    edit('src/text/control-tokens.ts', "run => (OPENS_OR_CLOSES.test(run) ? ' ' : run)", 'run => run'),
    'test/text/control-tokens.test.ts',
  ),
  one(
    'secrets are taken out of the log by value',
    edit('src/log.ts', 'needles.reduce((text, needle) => text.replaceAll(needle, REDACTED), line)', 'line'),
    'test/log.test.ts',
  ),
  one(
    'secrets are taken out of the log by name',
    edit('src/log.ts', 'HIDDEN_FIELDS.includes(key) ? REDACTED : printable', 'printable'),
    'test/log.test.ts',
  ),
];
