import { FakeGuild } from './guild.ts';
import type { FakeUser } from './user.ts';

/** A conversation outside servers, in the form of one: of one person with the bot, or of people alone. */
export function conversationOf(
  people: readonly FakeUser[],
  { bot, nextId }: { bot: FakeUser; nextId: () => string },
): FakeGuild {
  const [owner = bot, ...others] = people;
  const guild = new FakeGuild({
    name: 'a conversation',
    locale: owner.locale,
    owner,
    bot,
    nextId,
    withBot: people.length < 2,
    direct: people.length < 2 ? [owner, bot] : people,
    dispatch: () => undefined,
    onOut: () => undefined,
  });
  for (const user of others) guild.addMember(user);
  return guild;
}
