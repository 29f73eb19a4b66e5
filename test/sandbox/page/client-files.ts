import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';

export interface ClientFile {
  readonly type: string;
  readonly body: string;
}

const FOLDER = new URL('./client/', import.meta.url);
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': JAVASCRIPT,
};

/**
 * Reads the files of the page, once: by their names alone they are found, so that no path leads out of the folder.
 * TypeScript is sent without its types, as Node itself runs it; line numbers stay as they are.
 */
export function readClientFiles(): ReadonlyMap<string, ClientFile> {
  const names = readdirSync(FOLDER).filter(name => extname(name) in TYPES);
  return new Map(
    names.map(name => {
      const text = readFileSync(new URL(name, FOLDER), 'utf8');
      const type = TYPES[extname(name)] ?? 'text/plain';
      return [name, { type, body: type === JAVASCRIPT ? stripTypeScriptTypes(text) : text }];
    }),
  );
}
