import type { FakeChannel } from '../discord/channel.ts';
import { allComponents } from '../discord/component.ts';
import type { FakeInteraction, FakeUser } from '../discord/discord.ts';
import { CALLBACK, dataOf } from '../discord/interaction-kind.ts';
import { isRecord, type JsonObject } from '../discord/json.ts';
import type { Message } from '../discord/message.ts';
import { keepNewest } from '../keep-newest.ts';
import type { Servers } from '../world.ts';
import type { Causes } from './causes.ts';
import { throwFault } from './fault-switches.ts';
import type { Answer, SentValues, Suggestion, Wish } from './protocol.ts';
import type { Transcript } from './transcript.ts';
import { choices, fieldValue, filesOf, optionValue } from './values.ts';
import { commandsOf } from './view.ts';

/** How many forms are kept that somebody has open. */
const FORMS_KEPT = 20;

/** Commands after which nothing is said of what was waiting. */
const SILENCES = ['stop', 'leave'];

type Outcome = Pick<Answer, 'form' | 'suggestions'>;

interface WishesOptions {
  readonly world: Servers;
  readonly transcript: Transcript;
  readonly causes: Causes;
}

/** Does what pages want, as the people of the sandbox. */
export class Wishes {
  readonly #options: WishesOptions;
  /** Forms that are shown, by the id of the interaction. */
  readonly #forms = new Map<string, FakeInteraction>();

  constructor(options: WishesOptions) {
    this.#options = options;
  }

  /** Throws an Error that a reader understands where Discord’s client, or the bot, does not let them. */
  async grant(wish: Wish): Promise<Outcome> {
    const { world, causes } = this.#options;
    const { discord, guild } = world;
    switch (wish.do) {
      case 'write': {
        const who = this.#person(wish.as);
        const { content, channelId, replyTo, files = [] } = wish;
        causes.add({ at: performance.now(), who: who.name, what: content }, content);
        discord.message(who, this.#channel(channelId), content, {
          ...(replyTo !== undefined && { replyTo: this.#message(replyTo) }),
          attachments: filesOf(files),
        });
        return {};
      }
      case 'edit': {
        const { content } = wish;
        const message = this.#own(wish.as, wish.messageId);
        if (content.trim() === '' && message.files.length === 0) throw new Error('an empty message');
        causes.add({ at: performance.now(), who: message.author.name, what: content }, content);
        discord.edit(message, content);
        return {};
      }
      case 'delete': {
        discord.deleteMessage(this.#own(wish.as, wish.messageId));
        return {};
      }
      case 'command': {
        const { name, values } = wish;
        const who = this.#person(wish.as);
        const said = Object.values(values).filter(value => typeof value === 'string');
        if (SILENCES.includes(name)) causes.forget();
        causes.add({ at: performance.now(), who: who.name, what: `/${name}` }, said.join(' '));
        const where = { channel: this.#channel(wish.channelId) };
        return this.#used(
          discord.command(who, guild, name, this.#optionsOf(name, values), where),
          `/${name}`,
        );
      }
      case 'complete':
        return { suggestions: await this.#suggestions(wish) };
      case 'menu': {
        const { name } = wish;
        const message = this.#message(wish.messageId);
        const who = this.#person(wish.as);
        causes.add({ at: performance.now(), who: who.name, what: name }, String(message.fields['content']));
        return this.#used(discord.messageMenu(who, message, name), name);
      }
      case 'press': {
        const { customId } = wish;
        const message = this.#message(wish.messageId);
        const pressed = discord.press(this.#person(wish.as), message, customId);
        return this.#used(pressed, labelOf(message, customId));
      }
      case 'choose': {
        const { customId, chosen } = wish;
        const message = this.#message(wish.messageId);
        const type = componentOf(message, customId)?.['type'];
        const values = choices(world, type, chosen);
        return this.#used(discord.choose(this.#person(wish.as), message, customId, values), 'a choice');
      }
      case 'submit':
        return this.#submit(wish.as, wish.use, wish.values);
      case 'join':
        await discord.join(this.#person(wish.as), this.#channel(wish.channelId));
        return {};
      case 'leave':
        await discord.leave(this.#person(wish.as), guild);
        return {};
      case 'mute':
        discord.muteSelf(this.#person(wish.as), guild, wish.muted);
        return {};
      case 'fault':
        throwFault(world, wish.id, wish.on);
        return {};
    }
  }

  /** Waits for the bot's first response; a form goes to the page that asked. */
  async #used(use: FakeInteraction, what: string): Promise<Outcome> {
    this.#options.transcript.name(use.id, what);
    const { type, body } = await use.firstResponse;
    if (type !== CALLBACK.modal) return {};
    this.#forms.set(use.id, use);
    keepNewest(this.#forms, FORMS_KEPT);
    return { form: { use: use.id, data: dataOf(body) } };
  }

  async #submit(as: string, id: string, values: SentValues): Promise<Outcome> {
    const use = this.#forms.get(id);
    if (!use) throw new Error('that form is no longer open');
    const { world } = this.#options;
    const { body } = await use.firstResponse;
    const fields = allComponents(dataOf(body)['components']);
    const typed = Object.entries(values).map(([id, value]) => {
      const type = fields.find(field => field['custom_id'] === id)?.['type'];
      return [id, fieldValue(world, type, value)] as const;
    });
    const sent = world.discord.submit(this.#person(as), use, Object.fromEntries(typed));
    const outcome = await this.#used(sent, 'the form');
    this.#forms.delete(id);
    return outcome;
  }

  async #suggestions(wish: Extract<Wish, { do: 'complete' }>): Promise<Suggestion[]> {
    const { world } = this.#options;
    const values = this.#optionsOf(wish.name, wish.values);
    const where = { channel: this.#channel(wish.channelId) };
    const who = this.#person(wish.as);
    const { name, focused } = wish;
    const found = await world.discord.autocomplete(who, world.guild, name, focused, values, where);
    return found.flatMap(({ name, value }) =>
      typeof name === 'string' && (typeof value === 'string' || typeof value === 'number')
        ? [{ name, value }]
        : [],
    );
  }

  #optionsOf(name: string, values: SentValues): Record<string, ReturnType<typeof optionValue>> {
    const { world } = this.#options;
    const known = commandsOf(world).find(command => command.name === name)?.options ?? [];
    const entries = Object.entries(values).map(([key, value]) => {
      const type = known.find(option => option.name === key)?.type ?? 0;
      return [key, optionValue(world, type, value)] as const;
    });
    return Object.fromEntries(entries);
  }

  #person(id: string): FakeUser {
    const user = this.#options.world.guild.members.get(id)?.user;
    if (!user || user.bot) throw new Error('nobody of that id is here');
    return user;
  }

  #channel(id: string): FakeChannel {
    const channel = this.#options.world.guild.channels.get(id);
    if (!channel) throw new Error('that channel is gone');
    return channel;
  }

  /** A message that this person wrote: nobody else changes it here. */
  #own(as: string, id: string): Message {
    const message = this.#message(id);
    if (message.author.id !== as) throw new Error('only its author changes or deletes a message here');
    return message;
  }

  #message(id: string): Message {
    const message = this.#options.transcript.get(id);
    if (!message) throw new Error('that message is gone');
    return message;
  }
}

function componentOf(message: Message, customId: string): JsonObject | undefined {
  return allComponents(message.fields['components']).find(one => one['custom_id'] === customId);
}

/** What is written on a button. */
function labelOf(message: Message, customId: string): string {
  const button = componentOf(message, customId);
  const emoji = isRecord(button?.['emoji']) ? button['emoji']['name'] : undefined;
  return [button?.['label'], emoji, 'a button'].find(text => typeof text === 'string') ?? '';
}
