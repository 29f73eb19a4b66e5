import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBot } from './bot.ts';
import { startDiscord } from './discord/discord.ts';
import { realisticBehaviour, startFish } from './fish/fish.ts';
import { writeOggOpus } from './fish/ogg-writer.ts';
import { realisticModel, startModel } from './llm/model.ts';

/**
 * `npm run sandbox -- "words"`: the real bot, in a process of its own, speaks the words in a Discord and with a
 * Fish Audio that run on this machine. What a listener in the voice channel decrypted goes to `sandbox.ogg`.
 * `npm run sandbox -- --ask "question"`: it asks a language model on this machine, and speaks while that writes.
 */

const DEFAULT_WORDS = 'Hello! I am Parrotfish, and this is what the voice channel heard.';
const DEFAULT_QUESTION = 'Why is the sea salty?';
const ANSWER =
  'Most of the salt comes from rocks on land. Rain wears them away, and rivers carry it down to the sea. ' +
  'Water leaves the sea again as vapour, but the salt stays, and so there is a little more of it each year.';
const MANAGE_GUILD = String(1n << 5n);
const FILE = 'sandbox.ogg';
const READY_WITHIN_MS = 30_000;
const HEARD_WITHIN_MS = 120_000;
/** Speech is over when the listener has heard all that Fish sent, or nothing new for this long. */
const QUIET_MS = 1_500;
const POLL_MS = 20;
const PACKETS_PER_SECOND = 50;

const [flag, ...others] = process.argv.slice(2);
const asks = flag === '--ask';
const typed = (asks ? others : process.argv.slice(2)).join(' ').trim();
const words = typed || (asks ? DEFAULT_QUESTION : DEFAULT_WORDS);

console.log('Starting a Discord and a Fish Audio on this machine, and the bot against them …');
await using discord = await startDiscord();
await using fish = await startFish(realisticBehaviour);
await using model = await startModel({ ...realisticModel, answer: ANSWER });
const guild = discord.addGuild({ name: 'Sandbox' });
const ana = discord.addUser('Ana');
guild.addMember(ana, { permissions: MANAGE_GUILD });
const listener = await discord.join(ana, guild.voiceChannel);
const env = { LLM_BASE_URL: model.url, LLM_API_KEY: model.apiKey, LLM_MODEL: model.model };
await using bot = startBot({ discord, fish, ...(asks && { env }) });
try {
  await discord.ready(READY_WITHIN_MS);
} catch {
  console.error(`The bot did not start:\n${bot.output}`);
  process.exit(1);
}
await sleep(500); // its spare connection to Fish is made while it logs in

if (asks) {
  const file = { name: 'settings.json', bytes: Buffer.from('{"ask":true}') };
  await discord.command(ana, guild, 'settings import', { file }).reply();
}
console.log(`Ana is in the voice channel and types:  ${asks ? '/ask' : '/say'} ${words}\n`);
const use = asks
  ? discord.command(ana, guild, 'ask', { prompt: words })
  : discord.command(ana, guild, 'say', { text: words });
const reply = await use.reply();
console.log(`The bot ${asks ? 'begins to answer, to all' : 'answers, to Ana alone'}:  ${reply}\n`);

const deadline = performance.now() + HEARD_WITHIN_MS;
const whole = () => {
  const [session] = fish.sessions;
  return session?.ended === 'finish' && listener.heard.length >= session.packets.length;
};
const quiet = () => {
  const last = listener.heard.at(-1)?.at ?? use.at;
  return fish.sessions[0]?.ended !== undefined && performance.now() - last > QUIET_MS;
};
while (!whole() && !quiet() && performance.now() < deadline) await sleep(POLL_MS);

const [session] = fish.sessions;
const heard = listener.heard.slice(0, session?.packets.length); // five packets of silence may follow
const [first] = heard;
const last = heard.at(-1);
if (!session || !first || !last) {
  console.error(`Nothing was heard. The bot's log:\n${bot.output}`);
  process.exit(1);
}

const since = (at: number | undefined) =>
  at === undefined ? '      –' : `${Math.round(at - use.at)} ms`.padStart(8);
const connects = fish.handshakes.filter(handshake => handshake.status === 101);
const connected = connects[0]?.at ?? Number.NaN;
const answered = (await use.firstResponse).ms;
console.log('Timeline, from the command on');
console.log(
  `${connected < use.at ? '  before' : since(connected)}  Fish Audio connected${connected < use.at ? ' (a spare connection, ready in advance)' : ''}`,
);
console.log(`${`${Math.round(answered)} ms`.padStart(8)}  first response to the command`);
console.log(`${since(session.startedAt)}  text sent to Fish Audio`);
console.log(`${since(session.firstAudioAt)}  first audio from Fish Audio`);
console.log(`${since(first.at)}  first packet heard in the voice channel`);
if (asks) console.log(`${since(model.requests[0]?.tokens.at(-1)?.at)}  answer written to its end`);
console.log(`${since(session.finishedAt)}  Fish Audio finished`);
console.log(`${since(last.at)}  last packet heard\n`);

const speech = heard.map(packet => packet.opus);
const same =
  speech.length === session.packets.length && speech.every((p, i) => p.equals(session.packets[i] ?? p));
const unencrypted = heard.filter(packet => !packet.endToEnd && !packet.silence).length;
writeFileSync(FILE, writeOggOpus(speech));
console.log(
  `${speech.length} of ${session.packets.length} packets heard, ${same ? 'each byte for byte as Fish Audio sent it' : 'NOT all as Fish Audio sent them'};`,
);
console.log(
  `end-to-end encrypted: ${unencrypted === 0 ? 'every one' : `NOT ${unencrypted}`}. ${session.bytes} bytes of text billed.`,
);
console.log(`Listen to it: ${FILE} (${(speech.length / PACKETS_PER_SECOND).toFixed(1)} s)`);

const { code } = await bot.stop();
if (!same || code !== 0) {
  console.error(code === 0 ? '' : `The bot ended with exit code ${code}:\n${bot.output}`);
  process.exitCode = 1;
}
