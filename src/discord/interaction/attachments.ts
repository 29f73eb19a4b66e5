import { UserError } from '../../errors.ts';

// Downloads the files that people attach to a command, such as a recording of their voice or a list of words. The
// address comes from outside, so here it is checked that it is Discord's, and size and time are limited.

/** The hosts on which Discord keeps the files that people upload (Discord, "Reference": CDN). */
const DISCORD_HOSTS = ['https://cdn.discordapp.com', 'https://media.discordapp.net'];
const FETCH_MS = 10_000;

/** Fetches from Discord's own hosts only, over https, follows no redirects, and stops at a limit of size and time. */
export class Attachments {
  readonly #origins: ReadonlySet<string>;

  /** `cdnUrl` is used in place of Discord's two hosts; with null, attachments come from those two. */
  constructor(cdnUrl: string | null) {
    this.#origins = new Set(cdnUrl === null ? DISCORD_HOSTS : [new URL(cdnUrl).origin]);
  }

  /**
   * Resolves with the bytes of an attachment. Throws a UserError when it lies on another host, is larger than
   * `maxBytes`, or does not arrive within ten seconds. No connection is opened before the address is known to be
   * Discord's.
   */
  async fetch(attachment: { url: string; size: number }, maxBytes: number): Promise<Buffer> {
    const target = URL.parse(attachment.url);
    // The origin alone is not enough: that of a `blob:` address is the origin of the address inside it.
    const plain = target && /^https?:$/.test(target.protocol) && !target.username && !target.password;
    if (!plain || !this.#origins.has(target.origin)) throw new UserError('attachment.elsewhere');
    const tooLarge = () => new UserError('attachment.too-large', { kilobytes: maxBytes / 1_024 });
    if (attachment.size > maxBytes) throw tooLarge();
    try {
      const response = await fetch(target, {
        redirect: 'error',
        // Discord does not compress attachments, and a small compressed answer could unpack to a huge one.
        headers: { 'accept-encoding': 'identity' },
        signal: AbortSignal.timeout(FETCH_MS),
      });
      const length = Number(response.headers.get('content-length') ?? 0);
      const folded = response.headers.get('content-encoding') ?? 'identity';
      if (!response.ok || !response.body || folded !== 'identity') {
        await response.body?.cancel();
        throw new UserError('attachment.gone');
      }
      if (length > maxBytes) {
        await response.body.cancel();
        throw tooLarge();
      }
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const part of response.body) {
        size += part.length;
        if (size > maxBytes) throw tooLarge();
        parts.push(part);
      }
      return Buffer.concat(parts);
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError('attachment.gone');
    }
  }
}
