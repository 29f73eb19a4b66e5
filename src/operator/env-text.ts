import { parseEnv } from 'node:util';

// Finds and changes variables in the text of a `.env` file, for `npm run setup`. `env-file.ts` reads and writes the
// file.

/**
 * Sets variables in the text of a `.env` file, and leaves all else as it is: other lines, comments, and how lines end.
 * A variable that occurs several times is set each time; one that does not occur is added at the end.
 */
export function withVariables(text: string, values: Readonly<Record<string, string>>): string {
  let now = text;
  for (const [name, value] of Object.entries(values)) {
    const line = new RegExp(`^([ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=)[^\\r\\n]*`, 'gm');
    if (line.test(now)) now = now.replace(line, (_, head: string) => `${head}${quoted(value)}`);
    else now = `${now}${/[^\n]$/.test(now) ? '\n' : ''}${name}=${quoted(value)}\n`;
  }
  return now;
}

/** A value as it is written in a `.env` file, for Node as for Docker. Tokens and keys usually need no quotes. */
function quoted(value: string): string {
  if (/^[\w.\-+/=:@%,~]*$/.test(value)) return value;
  const mark = ["'", '"', '`'].find(each => !value.includes(each));
  return `${mark ?? ''}${value}${mark ?? ''}`;
}

/** The variables in the text of a `.env` file, as Node reads them. */
export function variablesIn(text: string): Record<string, string> {
  return Object.fromEntries(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? '']));
}
