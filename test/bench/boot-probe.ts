import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAudioResource, joinVoiceChannel, StreamType } from '@discordjs/voice';
import { Cushion, PacketRoom } from '../../src/audio/cushion.ts';
import { Player } from '../../src/audio/player.ts';
import { writeOggOpus } from '../sandbox/fish/ogg-writer.ts';
import { opusPackets } from '../support/opus-packets.ts';

/**
 * Prints the longest block of the event loop, in ms, while the first utterance of this process begins. With `library`
 * the library's `createAudioResource` makes a resource too, as it does in other bots.
 */

const WATCH_MS = 400;

await sleep(200);

let longest = 0;
let last = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last - 1);
  last = now;
}, 1);

const connection = joinVoiceChannel({
  guildId: '1',
  channelId: '2',
  adapterCreator: () => ({ sendPayload: () => true, destroy: () => {} }),
});
const player = new Player(console.error);
const packet = Buffer.alloc(150, 1);
packet[0] = 0xf8;
async function* ogg() {
  yield writeOggOpus(Array.from({ length: 50 }, () => packet));
}
if (process.argv[2] === 'library')
  createAudioResource(Readable.from([packet]), { inputType: StreamType.Opus });
const controller = new AbortController();
const { signal } = controller;
player.connect(connection);
const playing = player.play(new Cushion(opusPackets(ogg()), { room: new PacketRoom(), signal }), { signal });
await sleep(WATCH_MS);
clearInterval(timer);
controller.abort();
await playing.catch(() => {});
console.log(longest.toFixed(2));
process.exit(0);
