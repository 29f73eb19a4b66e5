import type { DiscordGatewayAdapterCreator } from '@discordjs/voice';
import { expect, test } from 'vitest';
import { Departures } from '../../src/call/departures.ts';
import { JoinGate } from '../../src/call/join-gate.ts';

type Methods = Parameters<DiscordGatewayAdapterCreator>[0];
type ServerUpdate = Parameters<Methods['onVoiceServerUpdate']>[0];
type OwnState = Parameters<Methods['onVoiceStateUpdate']>[0];

/** A gate between a library that asks and a Discord that answers when the test says so. */
function gate(departures = new Departures()) {
  const told: (string | null)[] = [];
  const overtaken: string[] = [];
  const library: (string | null)[] = [];
  let discord: Methods | undefined;
  const joins = new JoinGate(
    methods => {
      discord = methods;
      return { sendPayload: () => true, destroy() {} };
    },
    {
      departures,
      onOwnState: channelId => told.push(channelId),
      onOvertaken: channelId => overtaken.push(channelId),
      onStateAfterServer() {},
      walled: run => run(),
    },
  );
  const adapter = joins.adapterCreator({
    onVoiceServerUpdate: ({ endpoint }) => void library.push(endpoint),
    onVoiceStateUpdate: data => void library.push(data.channel_id),
    destroy() {},
  });
  const send = (channelId: string | null) => adapter.sendPayload({ op: 4, d: { channel_id: channelId } });
  return {
    told,
    overtaken,
    /** What the voice library was told: channels, and the addresses of voice servers. */
    library,
    name: (endpoint: string) => discord?.onVoiceServerUpdate({ endpoint } as ServerUpdate),
    /** Leaves, if it is in a channel, and enters it again: one re-join. */
    rejoin: () => joins.ask(() => [send(null), send('a')], { restores: 'a' }),
    join: (channelId = 'a') => joins.ask(() => send(channelId)),
    /** Whether the join was sent once more. */
    askAgain: (channelId = 'a') => joins.askAgain(() => send(channelId)),
    leave: () => send(null),
    answer: (channelId: string | null) => discord?.onVoiceStateUpdate({ channel_id: channelId } as OwnState),
  };
}

test('somebody moves the bot while it leaves to enter anew: its own leaving is no disconnection', () => {
  const { told, overtaken, join, rejoin, answer } = gate();
  join();
  answer('a');
  rejoin();
  answer('b'); // moved, before Discord has read that it leaves
  answer(null);
  answer('a');
  expect(told).toEqual(['a', 'b']);
  expect(overtaken).toEqual(['b']); // it is to go back there
  join('b');
  answer('b');
  expect(told).toEqual(['a', 'b', 'b']);
  answer(null);
  expect(told.at(-1)).toBe(null);
});

test('somebody moves the bot after Discord has read that it enters anew, and back: it follows', () => {
  const { told, overtaken, join, rejoin, answer } = gate();
  join();
  answer('a');
  rejoin();
  for (const state of [null, 'a', 'b', 'a']) answer(state);
  expect(told).toEqual(['a', 'a', 'b', 'a']);
  expect(overtaken).toEqual([]);
});

test('somebody asks for another channel while the bot enters anew: that counts', () => {
  const { told, overtaken, join, rejoin, answer } = gate();
  join();
  answer('a');
  rejoin();
  join('c');
  for (const state of [null, 'a', 'c']) answer(state);
  expect(told).toEqual(['a', 'a', 'c']);
  expect(overtaken).toEqual([]);
});

test('two re-joins before Discord has answered the first: neither is a disconnection', () => {
  const { told, join, rejoin, answer } = gate();
  join();
  answer('a');
  rejoin();
  rejoin();
  for (const state of [null, 'a', null, 'a']) answer(state);
  expect(told).toEqual(['a', 'a', 'a']);
});

test('who leaves where it is not is told nothing, and a disconnection later is one', () => {
  const { told, join, leave, answer } = gate();
  leave();
  join();
  answer('a');
  answer(null);
  expect(told).toEqual(['a', null]);
});

test('a voice server that is named while the bot is in no channel is used only when the bot is in one', () => {
  const { library, name, join, rejoin, answer } = gate();
  join();
  name('first');
  answer('a');
  rejoin();
  answer(null);
  name('second');
  answer('a');
  name('moved');
  expect(library).toEqual(['a', 'first', null, 'a', 'second', 'moved']);
});

test('a link begins before Discord has answered what the one before it has asked for: no disconnection', () => {
  const departures = new Departures();
  const former = gate(departures);
  former.join();
  former.leave();
  const { told, join, answer } = gate(departures);
  join();
  for (const state of ['a', null, 'a']) answer(state);
  expect(told).toEqual(['a', 'a']);
  answer(null);
  expect(told).toEqual(['a', 'a', null]);
});

test('a join is sent once more only while nothing has answered it', () => {
  const { join, askAgain, answer } = gate();
  join();
  expect(askAgain()).toBe(true);
  answer('a');
  expect(askAgain()).toBe(false);
  join('b');
  answer('a'); // somebody mutes the bot where it still is
  expect(askAgain('b')).toBe(true);
  answer('c'); // somebody moves it
  expect(askAgain('b')).toBe(false);
  const other = gate();
  other.join();
  other.name('server'); // its own state is still to come
  expect(other.askAgain()).toBe(false);
  other.answer('a');
  other.answer(null); // all of that was of the former link
  expect(other.askAgain()).toBe(true);
});
