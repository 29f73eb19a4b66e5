import { recordsOf, textOf } from '../../discord/json.ts';
import type { PageFile, PageMessage, PageReaction } from '../protocol.ts';
import { componentViews } from './component-view.ts';
import type { Deeds } from './deeds.ts';
import { element } from './dom.ts';
import { fileView } from './file-view.ts';
import { emojiView, icon } from './icons.ts';
import { markdown } from './markdown-view.ts';
import { withNames } from './mentions.ts';
import { messageMenu } from './message-menu.ts';
import { avatar } from './people-view.ts';

/** A message, as the person whom one is sees it. */
export function messageView(message: PageMessage, deeds: Deeds): HTMLElement {
  const { id, author, bot, at, edited, content, loading, onlyFor, answers, replyTo } = message;
  const { components, embeds, files, reactions } = message;
  const names = deeds.store.place;
  const time = new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' });
  const look = onlyFor ? 'message private' : 'message';
  return element('li', { class: look, 'data-id': id, 'data-loading': loading }, [
    avatar(author, bot),
    element('div', { class: 'content' }, [
      answers && element('p', { class: 'note' }, [`${answers.who} used ${answers.what}`]),
      replyTo &&
        element('p', { class: 'note reply-to' }, [
          icon('reply'),
          element('span', { class: 'unseen' }, ['In reply to']),
          ` ${replyTo.author} ${withNames(replyTo.content, names)}`,
        ]),
      element('p', { class: 'head' }, [
        element('strong', {}, [author]),
        bot && element('span', { class: 'tag' }, ['bot']),
        element('time', { datetime: at, class: 'note' }, [` ${time}`]),
        edited && element('span', { class: 'note' }, [' · edited']),
        messageMenu(message, deeds),
      ]),
      element('div', { class: 'body' }, [
        loading ? element('p', { class: 'note' }, [`${author} is thinking …`]) : markdown(content, names),
        ...recordsOf(embeds).map(embed =>
          element('div', { class: 'embed' }, [
            element('strong', {}, [textOf(embed['title'])]),
            markdown(textOf(embed['description']), names),
          ]),
        ),
        ...componentViews(components, message, deeds),
        ...files.filter(file => !isInside(file, message)).map(fileView),
      ]),
      reactions.length > 0 &&
        element(
          'ul',
          { class: 'plain row reactions', 'aria-label': 'Reactions' },
          reactions.map(reactionView),
        ),
      onlyFor !== null && element('p', { class: 'note' }, ['Only you can see this.']),
    ]),
  ]);
}

function reactionView({ emoji, names }: PageReaction): HTMLElement {
  return element('li', { class: 'reaction' }, [
    emojiView(emoji),
    ` ${names.length}`,
    element('span', { class: 'unseen' }, [` ${emoji} by ${names.join(', ')}`]),
  ]);
}

/** Whether a component of the message shows the file. */
function isInside({ name }: PageFile, { components }: PageMessage): boolean {
  return JSON.stringify(components).includes(JSON.stringify(`attachment://${name}`));
}
