import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

// Loaded before a program: every disk seems to have ten megabytes left.

const { statfs } = fs;
Object.assign(fs, {
  statfs: async (path: string) => Object.assign(await statfs(path), { bsize: 1_000, bavail: 10_000 }),
});
syncBuiltinESMExports();
