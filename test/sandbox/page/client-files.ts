import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';

export interface ClientFile {
  readonly type: string;
  readonly body: string;
}

/** The folder of the sandbox. */
const ROOT = new URL('../', import.meta.url);
const CLIENT = 'page/client/';
/** What the client shares with the sandbox's servers. These files import one another at most, and nothing of Node. */
const SHARED = ['keep-newest.ts', 'discord/component.ts', 'discord/json.ts', 'discord/option-type.ts'];
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': JAVASCRIPT,
};

/**
 * Reads the files of the page, once. Their names are their paths in the sandbox's folder, so that the imports in them
 * lead from one to the other. Nothing else can be asked for, so that no path leads out of the folder.
 * TypeScript is sent without its types, as Node itself runs it; line numbers stay as they are.
 */
export function readClientFiles(): ReadonlyMap<string, ClientFile> {
  const own = readdirSync(new URL(CLIENT, ROOT)).map(name => CLIENT + name);
  const names = [...own, ...SHARED].filter(name => extname(name) in TYPES);
  return new Map(
    names.map(name => {
      const text = readFileSync(new URL(name, ROOT), 'utf8');
      const type = TYPES[extname(name)] ?? 'text/plain';
      return [name, { type, body: type === JAVASCRIPT ? stripTypeScriptTypes(text) : text }];
    }),
  );
}
