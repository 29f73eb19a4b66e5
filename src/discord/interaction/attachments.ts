import { UserError } from '../../errors.ts';

/** Where Discord keeps what people upload (Discord, "Reference": CDN). */
const DISCORD_HOSTS = ['https://cdn.discordapp.com', 'https://media.discordapp.net'];
const FETCH_MS = 10_000;

/** Fetches what people attached: from Discord's own hosts only, over https, without redirects, within bounds. */
export class Attachments {
  readonly #origins: ReadonlySet<string>;

  /** `cdnUrl` stands in for Discord's two hosts; null leaves those. */
  constructor(cdnUrl: string | null) {
    this.#origins = new Set(cdnUrl === null ? DISCORD_HOSTS : [new URL(cdnUrl).origin]);
  }

  /**
   * The bytes of an attachment. Throws a UserError when it lies elsewhere, is larger than `maxBytes`, or does not
   * come within ten seconds. Nothing is connected to before its address is known to be Discord's.
   */
  async fetch(attachment: { url: string; size: number }, maxBytes: number): Promise<Buffer> {
    const target = URL.parse(attachment.url);
    // Of a `blob:` address the origin is that of the address within it.
    const plain = target && /^https?:$/.test(target.protocol) && !target.username && !target.password;
    if (!plain || !this.#origins.has(target.origin)) throw new UserError('attachment.elsewhere');
    const tooLarge = () => new UserError('attachment.too-large', { kilobytes: maxBytes / 1_024 });
    if (attachment.size > maxBytes) throw tooLarge();
    try {
      const response = await fetch(target, {
        redirect: 'error',
        // A few bytes that unfold into many are nothing that Discord sends.
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
