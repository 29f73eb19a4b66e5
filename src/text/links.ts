import { domainToUnicode } from 'node:url';
import type { Found } from './token.ts';

// Finds links in a text, and knows how to say them.

/** Scripts that are written without spaces, or whose endings follow a name at once. */
const UNSPACED = String.raw`\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}`;
/**
 * What a link goes on with: neither a space, nor a bracket of the markup around it, nor punctuation of Chinese and
 * Japanese. Letters of scripts without spaces belong to it only where a part of the path begins with them.
 */
const REST = String.raw`(?:[^\s<>[\]|\x60"、。，！？「」『』【】（）${UNSPACED}]|(?<=[/=_&?#-])[${UNSPACED}]+)`;
/** What a link without a scheme goes on with: letters, digits and signs of ASCII. */
const PLAIN_REST = String.raw`[!#-;=?-Z\\^-_a-{}~]`;
/** Links with a scheme, of the web or of a program; schemes that go without "//"; and what people write without one. */
const BARE = new RegExp(
  [
    String.raw`[a-z][a-z0-9+.-]{1,20}:\/\/${REST}+`,
    String.raw`(?:mailto|magnet|data|spotify|xmpp|bitcoin|geo):(?=[^\s:]*[\w?@])${REST}+`,
    String.raw`www\.[\w-]+\.\w${PLAIN_REST}*`,
    // An address without a scheme is a link only if it goes on behind the name of the site: "youtu.be/abc".
    String.raw`(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|gg|be|tv|io|me|co|dev|app|ly|gd|to|jp|kr|cn|de|fr|es|br|ru|uk|it|nl|pl|edu|gov|info|xyz|link|ee|moe|wiki|page|site|online|us|ca|au|in|id|vn|th|tr|se|ua)\/${PLAIN_REST}+`,
  ].join('|'),
  'iuy',
);
/** What a link can begin with: a letter or digit behind which a scheme, "www." or a site may follow. */
const MAY_BEGIN = /[a-z0-9]/i;
/** No link begins inside a word or an address of mail. Behind letters of scripts without spaces it may. */
const INSIDE = /[\p{sc=Latn}\p{sc=Cyrl}\p{sc=Grek}\p{N}\p{M}@._/-]/u;
const TRAILING = /[.,:;!?'*_~)]/;
const MASK = /\[[^[\]\n]+\](?=\()/y;
const TARGET =
  /\(\s*<?[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s<>()]|\([^\s<>()]*\))+>?(?:\s+(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'))?\s*\)/iy;

/** The bare link that begins at the place `at`; undefined if none does. */
export function linkAt(text: string, at: number): Found | undefined {
  if (!MAY_BEGIN.test(text.charAt(at)) || INSIDE.test(text.charAt(at - 1))) return undefined;
  BARE.lastIndex = at;
  const [found] = BARE.exec(text) ?? [];
  if (found === undefined) return undefined;
  const end = trimmed(found);
  return { token: { kind: 'link', url: found.slice(0, end) }, end: at + end };
}

/** The length of a link without the punctuation at its end, and without a closing bracket that it does not open. */
function trimmed(url: string): number {
  let end = url.length;
  let unopened = url.split(')').length - url.split('(').length;
  for (; TRAILING.test(url.charAt(end - 1)); end -= 1) {
    if (url.charAt(end - 1) !== ')') continue;
    if (unopened <= 0) break;
    unopened -= 1;
  }
  return end;
}

/** For a link behind words, `[words](https://…)`, that begins at `at`: the places where its words and where it ends. */
export function maskedLinkAt(text: string, at: number): { words: number; end: number } | undefined {
  MASK.lastIndex = at;
  if (!MASK.test(text)) return undefined;
  const words = MASK.lastIndex - 1;
  if (text.slice(at + 1, words).trim() === '') return undefined;
  TARGET.lastIndex = MASK.lastIndex;
  return TARGET.test(text) ? { words, end: TARGET.lastIndex } : undefined;
}

/** Sites that people call by another name than the one in their address. */
const KNOWN_AS = new Map([
  ['youtu', 'youtube'],
  ['fb', 'facebook'],
  ['goo', 'google'],
  ['redd', 'reddit'],
  ['discordapp', 'discord'],
]);
/** The parts before a country's code under which names are registered, as `co` in `example.co.uk`. */
const REGISTRIES = new Set(['ac', 'co', 'com', 'edu', 'go', 'gob', 'gov', 'ne', 'net', 'or', 'org']);
const MAX_SITE_LENGTH = 40;

/** What people call the site of a link, such as "youtube"; undefined if its address is no name. */
export function siteOf(url: string): string | undefined {
  const { hostname = '' } = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`) ?? {};
  const labels = (hostname.includes('xn--') ? domainToUnicode(hostname) : hostname).split('.');
  if (labels.length < 2 || !/\p{L}/u.test(labels.at(-1) ?? '')) return undefined;
  const [second = '', top = ''] = labels.slice(-2);
  const inRegistry = labels.length > 2 && top.length === 2 && REGISTRIES.has(second);
  const name = (inRegistry ? labels.at(-3) : second) ?? '';
  if (!/[\p{L}\p{N}]/u.test(name)) return undefined;
  return KNOWN_AS.get(name) ?? name.replaceAll('-', ' ').slice(0, MAX_SITE_LENGTH);
}

const OF_DISCORD = /^https?:\/\/(?:(?:ptb|canary)\.)?discord(?:app)?\.com\/channels\/(?:\d+|@me)\/(\d+)/i;

/** The id of the channel that a link to Discord leads to; undefined for any other link. */
export function channelOfLink(url: string): string | undefined {
  return OF_DISCORD.exec(url)?.[1];
}
