// This file is loaded into the bot's process before its own code (see `preload` of `startBot`). It takes texts out of
// the catalogues of all languages, as if a release had forgotten them. The environment variable MISSING_TEXTS holds
// their keys, separated by commas.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const missing = (process.env['MISSING_TEXTS'] ?? '').split(',');
const { readFileSync } = fs;

fs.readFileSync = ((...parameters: Parameters<typeof readFileSync>) => {
  const content = readFileSync(...parameters);
  if (!/\/locale\/\w+\.json$/.test(String(parameters[0])) || typeof content !== 'string') return content;
  const texts = JSON.parse(content) as Record<string, string>;
  for (const key of missing) delete texts[key];
  return JSON.stringify(texts);
}) as typeof readFileSync;
syncBuiltinESMExports();
