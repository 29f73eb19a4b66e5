import { edit, type Mutant, one } from './mutant.ts';

const HOSTILE = 'test/bot/clone-hostile.test.ts';
const FILES = 'test/discord/settings/file-format.test.ts';

const attachments = (text: string, instead: string) =>
  edit('src/discord/interaction/attachments.ts', text, instead);

/** What is fetched, and read in. */
export const FETCHING: readonly Mutant[] = [
  one(
    'attachments come from Discord’s hosts',
    attachments('|| !this.#origins.has(target.origin)', ''),
    HOSTILE,
    'an address that is not',
  ),
  one(
    'a blob: address is none',
    attachments('/^https?:$/.test(target.protocol)', 'true'),
    HOSTILE,
    'an address that is not',
  ),
  one(
    'no name and password in an address',
    attachments('&& !target.username && !target.password', ''),
    HOSTILE,
    'an address that is not',
  ),
  one('no redirects', attachments("redirect: 'error'", "redirect: 'follow'"), HOSTILE, 'a redirect'),
  one(
    'what an attachment says of its size',
    attachments('if (attachment.size > maxBytes) throw tooLarge();', ''),
    HOSTILE,
    'too much is not read',
  ),
  {
    name: 'the size of what comes',
    edits: [
      attachments('if (size > maxBytes) throw tooLarge();', ''),
      attachments('if (length > maxBytes) {', 'if (length < 0) {'),
    ],
    test: HOSTILE,
    named: 'too much is not read',
  },
  one('nothing is unfolded', attachments("|| folded !== 'identity'", ''), HOSTILE, 'what unfolds'),
  one(
    'within ten seconds',
    attachments('AbortSignal.timeout(FETCH_MS)', 'AbortSignal.timeout(100_000)'),
    HOSTILE,
    'within ten seconds',
  ),
  one(
    'the size of a file',
    edit('src/discord/settings/json-file.ts', 'if (bytes.length > MAX_FILE_BYTES)', 'if (bytes.length < 0)'),
    FILES,
  ),
  one(
    'how much is in a file',
    edit('src/discord/settings/json-file.ts', 'if (isTooMuch(bytes)) throw', 'if (bytes.length < 0) throw'),
    FILES,
  ),
  one('how deep a file is', edit('src/discord/settings/json-file.ts', '|| depth > MAX_DEPTH', ''), FILES),
  one(
    'the form that a file says it has',
    edit(
      'src/discord/settings/file-format.ts',
      '    const file = readJsonFile(bytes, SETTINGS_EXAMPLE);\n    checkFormat(file);\n    const {',
      '    const file = readJsonFile(bytes, SETTINGS_EXAMPLE);\n    const {',
    ),
    FILES,
  ),
];
