import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder } from './folder.ts';
import { packed } from './packed.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = new URL('../../src/main.ts', import.meta.url);
const KILL_AFTER_MS = 12_000;

export interface BotOptions {
  readonly discord: {
    readonly apiUrl: string;
    readonly token: string;
    readonly caFile: string;
    readonly cdnUrl?: string;
  };
  readonly fish: { readonly url: string; readonly apiKey: string };
  /** Further environment variables, over the sandbox's own. */
  readonly env?: Record<string, string>;
  /** By `npm start`, not as `node src/main.ts`. */
  readonly npm?: boolean;
  /**
   * Modules that are loaded into its process before it: they change what a test cannot reach from outside, and may take
   * orders (`order`).
   */
  readonly preload?: readonly URL[];
  /** The user and group whose process it is; only root can choose. */
  readonly uid?: number | undefined;
}

/** Where Node keeps what it compiled: each start after the first takes a third less of the processor, or even half. */
export const NODE_COMPILE_CACHE = join(ROOT, 'node_modules/.cache/node-compile');

/** The real bot in a process of its own, as the container runs it, with a database of its own. */
export interface Bot extends AsyncDisposable {
  readonly pid: number;
  /** All that it has printed, both streams. */
  readonly output: string;
  /** Resolves with the exit code and how long it took from now, in ms. */
  readonly exited: Promise<number | null>;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
  /** Sends an order to the preloaded module; resolves with its answer. */
  order(message: object): Promise<unknown>;
}

/** The environment variables that tell a bot where the sandbox's Discord and Fish Audio are, and who it is there. */
export function botVariables({
  discord,
  fish,
}: Pick<BotOptions, 'discord' | 'fish'>): Record<string, string> {
  return {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    ...(discord.cdnUrl && { DISCORD_CDN_URL: discord.cdnUrl }),
    FISH_API_KEY: fish.apiKey,
    FISH_API_URL: fish.url,
    NODE_EXTRA_CA_CERTS: discord.caFile,
  };
}

/** Starts the bot against the sandbox's Discord and Fish Audio. */
export function startBot({ discord, fish, env = {}, npm = false, preload = [], uid }: BotOptions): Bot {
  const [program, args] = npm
    ? ['npm', ['start', '--silent']]
    : [
        process.execPath,
        ['--max-semi-space-size=4', ...preload.flatMap(url => ['--import', packed(url)]), packed(MAIN)],
      ];
  const data = mkdtempSync(join(tmpdir(), 'parrotfish-'));
  const child: ChildProcess = spawn(program, args, {
    cwd: ROOT,
    ...(uid !== undefined && { uid, gid: uid }),
    stdio: ['ignore', 'pipe', 'pipe', ...(preload.length > 0 ? ['ipc' as const] : [])],
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE,
      ...botVariables({ discord, fish }),
      DATABASE_URL: `file:${data}/parrotfish.db`,
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const exited = once(child, 'close').then(async ([code]) => {
    await removeFolder(data);
    return code as number | null;
  });
  return {
    pid: child.pid ?? 0,
    get output() {
      return output;
    },
    exited,
    async stop(signal = 'SIGTERM') {
      const from = performance.now();
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      const code = await exited;
      clearTimeout(timer);
      return { code, ms: performance.now() - from };
    },
    async order(message) {
      const answer = once(child, 'message');
      child.send(message);
      const [given] = (await answer) as unknown[];
      return given;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await this.stop('SIGKILL');
    },
  };
}
