import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { FakeDiscord } from '../sandbox/discord/discord.ts';
import { isRecord, type JsonObject, parseJson } from '../sandbox/discord/json.ts';
import { until } from './until.ts';

const TIMEOUT_MS = 30_000;

/** The bits of the intents in IDENTIFY (Discord's documentation, "Gateway", List of Intents). */
export const INTENTS = { guilds: 1, guildMembers: 2, messages: 1 << 9, content: 1 << 15 } as const;

/** A small client of Discord's gateway and REST, without a library, for tests of the sandbox. It keeps all events. */
export interface GatewayClient {
  readonly events: readonly { readonly t: string; readonly d: JsonObject }[];
  /** The data of all events with that name, in order. */
  told(event: string): JsonObject[];
  /** Waits for the event number `index` (from 0) with that name, and returns its data. */
  next(event: string, index?: number): Promise<JsonObject>;
  /** Sends a message of the gateway's protocol. */
  send(op: number, d: unknown): void;
  /** Makes a REST request with the bot's token. `path` follows the version of the API. */
  call(
    method: string,
    path: string,
    body?: unknown,
    files?: Record<string, File>,
  ): Promise<{ status: number; json: JsonObject }>;
  close(): void;
}

/** Connects and identifies; resolves after READY. */
export async function connectGateway(discord: FakeDiscord, intents: number): Promise<GatewayClient> {
  const url = `${discord.apiUrl.replace('http', 'ws').replace('/api', '/gateway')}?v=10&encoding=json`;
  const socket = new WebSocket(url);
  const events: { t: string; d: JsonObject }[] = [];
  socket.on('message', (data: Buffer) => {
    const message = parseJson(data.toString('utf8'));
    if (isRecord(message) && typeof message['t'] === 'string' && isRecord(message['d']))
      events.push({ t: message['t'], d: message['d'] });
  });
  await once(socket, 'open', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  socket.send(JSON.stringify({ op: 2, d: { token: discord.token, intents, properties: {} } }));
  const told = (event: string) => events.filter(({ t }) => t === event).map(({ d }) => d);
  const client: GatewayClient = {
    events,
    told,
    async next(event, index = 0) {
      await until(`${event} number ${index}`, () => told(event).length > index, TIMEOUT_MS);
      return told(event)[index] ?? {};
    },
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
    async call(method, path, body, files) {
      const headers: Record<string, string> = {
        'user-agent': 'DiscordBot (test, 1)',
        authorization: `Bot ${discord.token}`,
      };
      let payload: string | FormData | undefined;
      if (files) {
        payload = new FormData();
        payload.set('payload_json', JSON.stringify(body));
        for (const [field, file] of Object.entries(files)) payload.set(field, file);
      } else if (body !== undefined) {
        payload = JSON.stringify(body);
        headers['content-type'] = 'application/json';
      }
      const init = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
      const answer = await fetch(
        `${discord.apiUrl}/v10${path}`,
        payload === undefined ? init : { ...init, body: payload },
      );
      const json = parseJson(await answer.text());
      return { status: answer.status, json: isRecord(json) ? json : { list: json } };
    },
    close: () => socket.terminate(),
  };
  await client.next('READY');
  return client;
}
