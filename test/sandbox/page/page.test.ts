import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { audioPackets, readPages } from '../../audio/ogg/raw-ogg.ts';
import { until } from '../../support/until.ts';
import { startWorld, type World } from '../world.ts';
import { type Page, startPage } from './page.ts';
import { PageClient } from './page-client.ts';
import { prepare } from './prepare.ts';

/** The page's server, by real HTTP and WebSockets, with the real bot behind it. */

let world: World;
let page: Page;
let first: PageClient;

beforeAll(async () => {
  world = await startWorld();
  page = await startPage(world);
  first = await PageClient.open(page.url);
  expect(first.store.place?.bot).toBe('waiting'); // it is served before the bot is there
  await world.discord.ready(60_000);
  await prepare(world);
  page.open();
}, 120_000);
afterAll(async () => {
  first.close();
  await page[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** Ana writes in #general; resolves with the packets of that line, as Fish Audio sent them, when all were heard. */
async function say(words: string, as = 'Ana'): Promise<readonly Buffer[]> {
  const wish = { do: 'write', as: first.id(as), channelId: first.id('general'), content: words } as const;
  await first.wish(wish);
  // A busy machine may take a session for dead before it has begun, and then there is another one.
  const session = () =>
    world.fish.sessions.findLast(({ text, finishedAt }) => text.includes(words) && finishedAt !== undefined);
  await until('Fish Audio to finish', () => session() !== undefined);
  const packets = session()?.packets ?? [];
  await until('the last packet', () => {
    const line = lineOf(first, words);
    return line?.line.heard === packets.length;
  });
  return packets;
}

const lineOf = ({ store }: PageClient, words: string) =>
  [...store.lines.values()].findLast(({ line }) => line.text.includes(words));

test('a line that somebody types is heard as the very packets, and its timeline is told', async () => {
  const before = first.sound.length;
  const packets = await say('The water is blue and deep');
  const id = lineOf(first, 'blue and deep')?.line.id;
  const sound = first.sound.slice(before).filter(({ line }) => line === id);
  expect(sound.map(({ opus }) => Buffer.from(opus))).toEqual(packets);
  expect(sound.every(({ endToEnd, silence }) => endToEnd || silence)).toBe(true);
  await until('its end', () => lineOf(first, 'blue and deep')?.line.over === true);
  const { line, levels } = lineOf(first, 'blue and deep') ?? {};
  expect(line).toMatchObject({
    cause: { who: 'Ana', what: 'The water is blue and deep' },
    sent: packets.length,
    heard: packets.length,
    exact: true,
    encrypted: true,
  });
  expect(levels).toHaveLength(packets.length);
  expect(Math.max(...(levels ?? []))).toBeGreaterThan(20);
  const { textAt, firstAudioAt, firstHeardAt, lastHeardAt, bytes, usd } = line ?? {};
  const times = [textAt, firstAudioAt, firstHeardAt, lastHeardAt].map(Number);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(usd).toBeCloseTo((bytes ?? 0) * 15e-6);
});

test('a page that comes in the middle of a line sees and hears how it goes on, like the others', async () => {
  const words = 'This is a sentence that is long enough for somebody to come in the middle of it';
  const said = say(words);
  await until('its middle', () => (lineOf(first, words)?.line.heard ?? 0) > 20);
  const second = await PageClient.open(page.url);
  const met = second.store.lines.get(lineOf(first, words)?.line.id ?? 0)?.levels.length ?? 0;
  expect(met).toBeGreaterThan(20);
  const packets = await said;
  await until('the same in both', () => lineOf(second, words)?.line.heard === packets.length);
  const heard = second.sound.filter(({ line }) => line === lineOf(first, words)?.line.id);
  expect(heard.length).toBeGreaterThan(0);
  expect(heard.map(({ opus }) => Buffer.from(opus))).toEqual(packets.slice(-heard.length));
  expect([...second.store.messages]).toEqual([...first.store.messages]);
  expect(second.store.place).toEqual(first.store.place);
  second.close();
});

test('without a decoder in the browser, the same packets come as an Ogg stream', async () => {
  const ended = new AbortController();
  const stream = await fetch(new URL('sound.ogg', page.url), { signal: ended.signal });
  expect(stream.headers.get('content-type')).toContain('audio/ogg');
  const chunks: Uint8Array[] = [];
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) chunks.push(chunk as Uint8Array);
  })().catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
  });
  const packets = await say('Through the other door');
  const streamed = () => audioPackets(readPages(Buffer.concat(chunks)));
  await until('all of it', () => streamed().some(packet => packet.equals(packets.at(-1) ?? Buffer.of())));
  const from = streamed().findIndex(packet => packet.equals(packets[0] ?? Buffer.of()));
  expect(streamed().slice(from, from + packets.length)).toEqual(packets);
  ended.abort();
  await reading;
});

test('a line that is held, as while the bot is paused, is followed to its end', async () => {
  const words = 'Half of this is heard before the pause, and the other half is heard after it';
  const said = say(words);
  await until('its middle', () => (lineOf(first, words)?.line.heard ?? 0) > 20);
  const use = { do: 'command', as: first.id('Ana'), channelId: first.id('general'), values: {} } as const;
  await first.wish({ ...use, name: 'pause' });
  await until('what seems to be its end', () => lineOf(first, words)?.line.over === true);
  await first.wish({ ...use, name: 'resume' });
  const packets = await said;
  await until('its end', () => lineOf(first, words)?.line.over === true);
  const { line } = lineOf(first, words) ?? {};
  expect(line).toMatchObject({ heard: packets.length, exact: true });
  // It was held until it seemed to have ended.
  expect(Math.max(...(line?.pauses ?? []).map(({ ms }) => ms))).toBeGreaterThan(1_000);
});

test('people come, go, mute themselves and move; what Discord does not let them do is told', async () => {
  const voiceOf = (name: string) => first.store.place?.people.find(one => one.name === name)?.voice;
  const kenji = first.id('Kenji');
  await first.wish({ do: 'join', as: kenji, channelId: first.id('Lounge') });
  await until('the Lounge', () => voiceOf('Kenji')?.channelId === first.id('Lounge'));
  await first.wish({ do: 'join', as: kenji, channelId: first.id('Voice') });
  await first.wish({ do: 'mute', as: kenji, muted: true });
  await until(
    'a move',
    () => voiceOf('Kenji')?.channelId === first.id('Voice') && voiceOf('Kenji')?.muted === true,
  );
  await first.wish({ do: 'leave', as: kenji });
  await until('nowhere', () => voiceOf('Kenji') === null);
  await expect(first.wish({ do: 'mute', as: kenji, muted: true })).rejects.toThrow('not in voice');
  await expect(first.wish({ do: 'join', as: kenji, channelId: 'nowhere' })).rejects.toThrow('gone');
});

test('people answer, change and delete messages, with files and reactions; nobody changes what another wrote', async () => {
  const [ana, ben] = [first.id('Ana'), first.id('Ben')];
  const channelId = first.id('Lounge');
  const { messages } = first.store;
  const find = (text: string) => [...messages.values()].find(({ content }) => content === text);
  await first.wish({ do: 'write', as: ana, channelId, content: 'First' });
  const messageId = find('First')?.id ?? '';
  const file = { name: 'a.txt', type: 'text/plain', base64: Buffer.from('Hello').toString('base64') };
  await first.wish({ do: 'write', as: ben, channelId, content: 'Second', replyTo: messageId, files: [file] });
  const answer = find('Second');
  expect(answer).toMatchObject({ replyTo: { author: 'Ana', content: 'First' }, files: [{ name: 'a.txt' }] });
  const attached = await fetch(new URL(`file/${answer?.files[0]?.id}`, page.url));
  expect(await attached.text()).toBe('Hello');
  expect(attached.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  await first.wish({ do: 'edit', as: ana, messageId, content: 'Changed' });
  expect(messages.get(messageId)).toMatchObject({ content: 'Changed', edited: true });
  const url = `${world.discord.apiUrl}/v10/channels/${channelId}/messages/${messageId}/reactions/👍/@me`;
  const headers = { authorization: `Bot ${world.discord.token}`, 'user-agent': 'DiscordBot (test, 1)' };
  expect((await fetch(encodeURI(url), { method: 'PUT', headers })).status).toBe(204);
  await until('a reaction', () => (messages.get(messageId)?.reactions.length ?? 0) > 0);
  expect(messages.get(messageId)?.reactions).toEqual([{ emoji: '👍', names: ['Parrotfish'] }]);
  for (const wish of [
    { do: 'edit', as: ben, messageId, content: 'Mine' },
    { do: 'delete', as: ben, messageId },
  ] as const)
    await expect(first.wish(wish)).rejects.toThrow('only its author');
  await first.wish({ do: 'delete', as: ana, messageId });
  await until('nothing', () => !messages.has(messageId));
  await expect(
    first.wish({ do: 'write', as: ben, channelId, content: 'x', replyTo: messageId }),
  ).rejects.toThrow('gone');
});

test('a command is used with what its suggestions offered, and a button of the answer is pressed', async () => {
  const ben = first.id('Ben');
  const channelId = first.id('general');
  const typed = { do: 'complete', as: ben, channelId, name: 'voice set', focused: 'voice' } as const;
  const { suggestions = [] } = await first.wish({ ...typed, values: { voice: 'Calm' } });
  expect(suggestions.length).toBeGreaterThan(0);
  const voice = suggestions[0]?.value ?? '';
  await first.wish({ do: 'command', as: ben, channelId, name: 'voice set', values: { voice } });
  const answers = () => [...first.store.messages.values()].filter(({ onlyFor }) => onlyFor === ben);
  await until('an answer for Ben alone', () => answers().length > 0);
  expect(answers().at(-1)).toMatchObject({
    author: 'Parrotfish',
    answers: { who: 'Ben', what: '/voice set' },
  });
  await expect(
    first.wish({ do: 'command', as: ben, channelId, name: 'settings panel', values: {} }),
  ).rejects.toThrow('does not see');
  const { store } = first;
  const description = store.commands.find(({ name }) => name === 'voice set')?.description;
  expect(Object.keys(description?.translated ?? {})).toEqual(['ja']); // Kenji's language, and nobody else's
  expect(store.commands.find(({ name }) => name === 'settings panel')?.seenBy).not.toContain(ben);
});

test('what is no wish closes the page, and harms nobody', async () => {
  const { origin } = new URL(page.url);
  for (const nonsense of [
    '',
    '[]',
    '{"n":1}',
    '{"n":1,"do":"write"}',
    '{"n":1,"do":"write","as":"1","channelId":"1","content":"x","files":[1]}',
    '{"n":1,"do":"fault","id":"x","on":1}',
  ]) {
    const socket = new WebSocket(new URL('socket', page.url), { origin });
    await once(socket, 'open');
    socket.send(nonsense);
    expect((await once(socket, 'close'))[0]).toBe(1008);
  }
  await expect(first.wish({ do: 'fault', id: 'nothing', on: true })).rejects.toThrow('no fault');
});

test('a fault is thrown, is seen by all, and the bot says in the chat what it could not say', async () => {
  const second = await PageClient.open(page.url);
  const fault = () => second.store.place?.faults.find(({ id }) => id === 'fish-down')?.on;
  await first.wish({ do: 'fault', id: 'fish-down', on: true });
  await until('the switch', () => fault() === true);
  const before = [...first.store.messages.keys()].length;
  const channelId = first.id('general');
  await first.wish({ do: 'write', as: first.id('Ana'), channelId, content: 'Can anybody hear this' });
  const notice = () => [...second.store.messages.values()].slice(before).find(({ bot }) => bot);
  await until('a notice', () => notice() !== undefined, 60_000);
  await first.wish({ do: 'fault', id: 'fish-down', on: false });
  await until('the switch back', () => fault() === false);
  second.close();
});
