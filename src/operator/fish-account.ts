import type { IncomingHttpHeaders } from 'node:http';
import { askAccount, type FishAccount, tryLiveSocket } from '../fish/account.ts';
import { FishError, type FishErrorKind } from '../fish/errors.ts';
import type { FishHeaders } from '../fish/headers.ts';
import type { FishModel } from '../fish/protocol.ts';
import type { Logger } from '../log.ts';
import { aheadOf } from './ask.ts';
import { bad, type Finding, good, unknown } from './finding.ts';

// Checks of `npm run doctor` and of the setup about Fish Audio: whether the key is accepted, how much credit is left,
// how many texts may be spoken at once, and whether a live socket (the WebSocket by which speech comes) can be opened.
// The requests themselves are in `fish/account.ts`.

const KEYS = 'https://fish.audio/app/api-keys';
const FREE = 's2.1-pro-free';
/** Credit of less than this counts as none. */
const LEAST_USD = 0.01;

export interface FishAccess {
  readonly url: string;
  readonly apiKey: string;
  readonly model: FishModel;
  readonly concurrency: number | 'auto';
}

/** What Fish Audio answers, by REST and when a live socket is opened. */
export interface FishAnswers {
  readonly account: FishAccount | FishError;
  readonly socket: (FishHeaders & { readonly ms: number }) | FishError;
  /** By how many milliseconds Fish Audio's clock is ahead of ours; null where it tells no time. */
  readonly aheadMs: number | null;
}

/** Asks Fish Audio about the key; this costs nothing. Rejects only with the signal's reason. */
export async function askFish(
  { url, apiKey, model }: FishAccess,
  log: Logger,
  signal: AbortSignal,
): Promise<FishAnswers> {
  let aheadMs: number | null = null;
  const onHeaders = ({ date }: IncomingHttpHeaders) => {
    aheadMs = aheadOf(date);
  };
  const [account, socket] = await Promise.all([
    askAccount({ url, apiKey, onHeaders }, signal).catch(onlyFish),
    tryLiveSocket({ url, apiKey, model, log }, signal).catch(onlyFish),
  ]);
  return { account, socket, aheadMs };
}

function onlyFish(error: unknown): FishError {
  if (error instanceof FishError) return error;
  throw error;
}

/** Whether Fish Audio refuses the key. */
export function refusesKey({ account, socket }: FishAnswers): boolean {
  return [account, socket].some(each => each instanceof FishError && each.kind === 'unauthorized');
}

/** What the answers show about the account and about the connection to Fish Audio, one finding for each thing. */
export function fishFindings(answers: FishAnswers, access: FishAccess): Finding[] {
  if (refusesKey(answers))
    return [
      bad(
        'Fish Audio key',
        'Fish Audio refuses FISH_API_KEY',
        `make a key at ${KEYS}, and give it to \`npm run setup\``,
      ),
    ];
  const { account, socket } = answers;
  const refused = [account, socket].find(each => each instanceof FishError && each.kind === 'payment');
  if (socket instanceof FishError && !refused) {
    if (account instanceof FishError)
      return [awayFinding(socket.kind === 'network' ? socket : account, access)];
    if (account.creditUsd === null && !ITSELF.has(socket.kind)) return [strangerFinding(access)];
  }
  return [
    keyFinding(answers),
    creditFinding(answers, access),
    limitFinding(answers, access),
    socketFinding(answers, access),
  ];
}

/** Kinds of failure by which a server shows that it speaks Fish Audio's protocol. */
const ITSELF: ReadonlySet<FishErrorKind> = new Set(['rate-limit', 'server']);

function strangerFinding({ url }: FishAccess): Finding {
  return bad(
    'Fish Audio',
    `what answers at ${url} is not Fish Audio's API`,
    'check FISH_API_URL if it is set; a proxy or a log-in page of the network may have answered',
  );
}

function keyFinding({ account }: FishAnswers): Finding {
  const thing = 'Fish Audio key';
  if (!(account instanceof FishError))
    return good(thing, account.creditUsd === null ? 'opens a live socket' : 'Fish Audio accepts it');
  if (account.kind === 'payment') return good(thing, 'Fish Audio knows it');
  return unknown(thing, `it opens a live socket, but the REST API says: ${account.message}`);
}

function awayFinding(error: FishError, { url }: FishAccess): Finding {
  const remedy =
    error.kind === 'server' || error.kind === 'rate-limit'
      ? 'wait, and try again'
      : 'check the connection to the internet, the firewall, and FISH_API_URL if it is set';
  return bad('Fish Audio', `${error.message}, at ${url}`, remedy);
}

function creditFinding({ account, socket }: FishAnswers, { model }: FishAccess): Finding {
  const thing = 'Fish Audio credit';
  const usd = account instanceof FishError ? null : account.creditUsd;
  const refused = [account, socket].some(each => each instanceof FishError && each.kind === 'payment');
  const left = usd === null ? 'not told' : `$${cents(usd).toFixed(2)}`;
  if (model === FREE && !refused) return good(thing, `${left}, and ${FREE} needs none`);
  if (refused || (usd !== null && usd < LEAST_USD))
    return bad(
      thing,
      `no API credit is left (${left}); it is apart from the credit of the website`,
      `top up at https://fish.audio/app/billing, or set FISH_MODEL=${FREE}`,
    );
  return usd === null ? unknown(thing, 'Fish Audio does not tell it') : good(thing, left);
}

/** Rounded to cents; what is a little below zero is 0, and not -0. */
const cents = (usd: number) => Math.round(usd * 100) / 100 || 0;

function limitFinding({ account, socket }: FishAnswers, { concurrency }: FishAccess): Finding {
  const thing = 'Fish Audio limit';
  const limit = limitIn(account) ?? limitIn(socket);
  if (limit === undefined)
    return unknown(thing, 'Fish Audio does not tell it; the bot finds it out while it speaks');
  const told = `${limit} texts at once`;
  if (concurrency !== 'auto' && concurrency > limit)
    return bad(
      thing,
      `${told}, and FISH_CONCURRENCY is ${concurrency}`,
      'leave FISH_CONCURRENCY out: the bot then follows the limit',
    );
  return good(thing, told);
}

function limitIn(answer: FishHeaders | FishError): number | undefined {
  return answer instanceof FishError ? answer.maxConcurrency : answer.limit;
}

function socketFinding({ account, socket }: FishAnswers, { url }: FishAccess): Finding {
  const thing = 'Live socket';
  if (!(socket instanceof FishError)) return good(thing, `opens in ${Math.round(socket.ms)} ms`);
  if (socket.kind === 'payment')
    return bad(
      thing,
      'Fish Audio opens none without credit',
      'top up the API credit, as said above; then try again',
    );
  if (socket.kind === 'rate-limit' || socket.kind === 'server')
    return bad(thing, socket.message, 'wait until Fish Audio has room, and try again');
  const restWorks = !(account instanceof FishError);
  return bad(
    thing,
    `${socket.message}${restWorks ? `, while its REST API answers: WebSockets do not come through to ${url}` : ''}`,
    'let WebSockets pass in the firewall and in every proxy on the way (the headers "Upgrade" and "Connection")',
  );
}
