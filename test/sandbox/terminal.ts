import type { FakeGuild } from './discord/discord.ts';

/** What the sandbox's command prints for people. */

const FIRST_AFTER_MS = 1_000;
const AGAIN_AFTER_MS = 3_000;

/**
 * Waits for a promise; where that takes longer than a second, says now and then what is waited for. The bot's programs
 * have a function like this (`src/terminal/waiting.ts`), but the sandbox shares no code with the bot.
 */
export async function waiting<T>(what: string, promise: Promise<T>): Promise<T> {
  const from = performance.now();
  const tell = () => console.log(`  … ${what} (${Math.round((performance.now() - from) / 1000)} s)`);
  let again: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    tell();
    again = setInterval(tell, AGAIN_AFTER_MS);
  }, FIRST_AFTER_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}

/** A text of Discord's as people read it: names for ids, and no marks of bold and italic type. */
export function readable(text: string, guild: Pick<FakeGuild, 'channels' | 'members' | 'roles'>): string {
  return text
    .replaceAll(/<#(\d+)>/gu, (whole, id: string) => {
      const channel = guild.channels.get(id);
      return channel ? `#${channel.name}` : whole;
    })
    .replaceAll(/<@!?(\d+)>/gu, (whole, id: string) => {
      const member = guild.members.get(id);
      return member ? `@${member.nick ?? member.user.name}` : whole;
    })
    .replaceAll(/<@&(\d+)>/gu, (whole, id: string) => {
      const role = guild.roles.get(id);
      return role ? `@${role.name}` : whole;
    })
    .replaceAll(/<\/([^:>]+):\d+>/gu, '/$1')
    .replaceAll(/\*\*(.+?)\*\*/gsu, '$1');
}

/** Environment variables as lines to be pasted into a shell. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `  export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`)
    .join('\n');
}

/** Something that happened, and when: milliseconds from the command on; undefined if it never did. */
export type Happened = readonly [at: number | undefined, what: string];

/** The lines of a timeline, in the order in which things happened. What never happened comes last. */
export function timeline(events: readonly Happened[]): string[] {
  return events
    .toSorted(([a = Infinity], [b = Infinity]) => (a === b ? 0 : a - b))
    .map(([at, what]) => {
      if (at === undefined) return `${'–'.padStart(9)}  ${what}`;
      const when = at < 0 ? 'before' : `${Math.round(at)} ms`;
      return `${when.padStart(9)}  ${what}`;
    });
}
