import type { ServerResponse } from 'node:http';
import type { HeardPacket } from '../discord/voice-api.ts';
import { OggOpusWriter } from '../fish/ogg-writer.ts';

const BEHIND_MAX_BYTES = 1 << 20;

/**
 * Browsers that cannot decode packets by themselves hear the voice channel as one endless Ogg stream of the same
 * packets, each in a page of its own.
 */
export class OggListeners {
  readonly #streams = new Map<ServerResponse, OggOpusWriter>();

  add(response: ServerResponse): void {
    const writer = new OggOpusWriter();
    response.writeHead(200, { 'content-type': 'audio/ogg; codecs=opus', 'cache-control': 'no-store' });
    response.write(writer.head());
    this.#streams.set(response, writer);
    response.on('close', () => this.#streams.delete(response));
  }

  hear({ opus }: HeardPacket): void {
    for (const [response, writer] of this.#streams)
      if (response.writableLength > BEHIND_MAX_BYTES) response.destroy();
      else response.write(writer.page([opus]));
  }

  close(): void {
    for (const response of this.#streams.keys()) response.destroy();
  }
}
