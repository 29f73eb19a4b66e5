// Preloaded into the bot's process (see `preload` of `startBot`): its catalogues lack the texts that MISSING_TEXTS
// names, separated by commas, in every language, as after a release that forgot them.
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
