import { recordOf } from './ask.ts';
import type { DiscordAnswers } from './discord-account.ts';
import { bad, type Finding, good } from './finding.ts';

// One check of `npm run doctor`: whether Discord's gateway, the WebSocket by which Discord tells the bot what happens,
// can be reached from this machine. The checks of the token and of the bot's permissions are in `discord-account.ts`.

const THING = 'Discord gateway';
/** The first message of the gateway (Discord, "Gateway", opcodes). */
const OP_HELLO = 10;
const HELLO_MS = 10_000;

/**
 * Connects to the gateway, waits for its greeting, and leaves without logging in, since Discord limits log-ins a day.
 * Null where Discord has told no address of a gateway. Rejects only with the signal's reason.
 */
export async function gatewayFinding(answers: DiscordAnswers, signal: AbortSignal): Promise<Finding | null> {
  const { url, session_start_limit: limit } = recordOf(answers.gateway);
  if (typeof url !== 'string') return null;
  const left = typeof limit === 'object' && limit !== null ? Reflect.get(limit, 'remaining') : undefined;
  if (left === 0)
    return bad(
      THING,
      'the bot has used up its log-ins of today (1,000 are usual)',
      'wait until tomorrow; look in the log for what made it start so often',
    );
  if (await greets(url, AbortSignal.any([signal, AbortSignal.timeout(HELLO_MS)]))) {
    const words = typeof left === 'number' ? `, ${left} log-ins are left today` : '';
    return good(THING, `answers${words}`);
  }
  signal.throwIfAborted();
  return bad(
    THING,
    `${url} lets no WebSocket be opened`,
    'let WebSockets (TCP port 443) pass in the firewall and in every proxy on the way',
  );
}

/** Whether a gateway greets. Resolves with false when it does not, or when the signal aborts. */
async function greets(url: string, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = new WebSocket(`${url}?v=10&encoding=json`);
  socket.addEventListener('message', ({ data }) => resolve(isHello(data)));
  for (const event of ['error', 'close']) socket.addEventListener(event, () => resolve(false));
  signal.addEventListener('abort', () => resolve(false), { once: true });
  const hello = await promise;
  socket.close();
  return hello;
}

function isHello(data: unknown): boolean {
  return typeof data === 'string' && new RegExp(`"op":\\s*${OP_HELLO}\\b`).test(data);
}
