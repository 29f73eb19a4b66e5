import { type OggEnd, OpusStream } from '../../src/audio/opus/packets.ts';

/** Pushes bytes into an `OpusStream` as they come, and yields its packets. */
export function opusPackets(
  bytes: AsyncIterable<Uint8Array>,
  options: { onEnd?: (end: OggEnd) => void } = {},
): AsyncGenerator<Uint8Array> {
  const stream = new OpusStream();
  async function* arrivals() {
    for await (const chunk of bytes) yield stream.push(chunk);
  }
  return stream.packets(arrivals(), options);
}
