import type { Registry } from 'prom-client';
import type { Discord } from '../../discord/discord-options.ts';
import type { SpeechCache } from '../../speech/cache.ts';
import type { SessionRegistry } from '../../speech/registry.ts';
import type { SpeechTally } from '../../speech/tally.ts';
import { addDurations, addFigures } from './instruments.ts';

// The metrics for Prometheus about what people hear: how soon a line is heard, whether its packets leave in time, how
// many lines wait, and what was not read or said. Come here to add one. `fish.ts` has those about Fish Audio.

/** Upper bounds in seconds: Fish Audio answers within 0.3 to 1 s. */
const ANSWER_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
/** Upper bounds in seconds: the bot itself needs less than a millisecond, and at most one tick of 20 ms. */
const PACKET_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.1, 0.25, 0.5, 1, 2.5];
/** Upper bounds in seconds, of what people wait for. */
const LINE_BUCKETS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30];

export interface SpeechSources {
  readonly tally: SpeechTally;
  readonly cache: Pick<SpeechCache, 'hits' | 'savedBytes' | 'figures'>;
  readonly sessions: Pick<SessionRegistry, 'all'>;
  readonly discord: { readonly figures: Pick<Discord['figures'], 'messages'> };
}

export function addSpeech(registry: Registry, { tally, cache, sessions, discord }: SpeechSources): void {
  const firstAudio = addDurations(registry, {
    name: 'parrotfish_fish_first_audio_seconds',
    help: 'Time from sending the words to Fish Audio until its first sound came',
    buckets: ANSWER_BUCKETS,
  });
  const firstPacket = addDurations(registry, {
    name: 'parrotfish_first_packet_seconds',
    help: 'Time from the first sound of Fish Audio (or from the turn of the line, if that came later) until its first packet left for Discord',
    buckets: PACKET_BUCKETS,
  });
  const line = addDurations(registry, {
    name: 'parrotfish_line_first_packet_seconds',
    help: 'Time from accepting a line that need not wait for others until its first packet left for Discord',
    buckets: LINE_BUCKETS,
  });
  tally.watch({
    synthesised({ startAt, firstAudioAt }) {
      if (startAt !== null && firstAudioAt !== null) firstAudio(firstAudioAt - startAt);
    },
    ended({ acceptedAt, atOnce, turnAt, firstAudioAt, firstPacketAt }) {
      if (firstPacketAt === null) return;
      if (turnAt !== null && firstAudioAt !== null)
        firstPacket(firstPacketAt - Math.max(firstAudioAt, turnAt));
      if (atOnce) line(firstPacketAt - acceptedAt);
    },
  });
  const reasons = () => [...tally.lines.keys()].filter(outcome => outcome !== 'said');
  addFigures(registry, [
    {
      name: 'parrotfish_packets_due_total',
      help: 'Packets of 20 ms that people should have heard, one for each 20 ms in which a line was being said',
      kind: 'counter',
      read: () => tally.packets.due,
    },
    {
      name: 'parrotfish_packets_sent_total',
      help: 'Packets of speech that were sent to Discord',
      kind: 'counter',
      read: () => tally.packets.sent,
    },
    {
      name: 'parrotfish_packets_late_total',
      help: 'Packets of speech that were sent more than 20 ms too late',
      kind: 'counter',
      read: () => tally.packets.late,
    },
    {
      name: 'parrotfish_speech_sessions',
      help: 'Voice channels that the bot is in or is joining',
      kind: 'gauge',
      read: () => sessions.all.length,
    },
    {
      name: 'parrotfish_speaking_sessions',
      help: 'Voice channels in which a line is being said now',
      kind: 'gauge',
      read: () => sessions.all.filter(({ conversation }) => conversation.lines.current).length,
    },
    {
      name: 'parrotfish_queued_lines',
      help: 'Lines that wait for their turn, in all voice channels together',
      kind: 'gauge',
      read: () => sessions.all.reduce((sum, { conversation }) => sum + conversation.lines.waiting.length, 0),
    },
    {
      name: 'parrotfish_longest_queue_lines',
      help: 'Lines that wait for their turn in the voice channel where most of them do',
      kind: 'gauge',
      read: () =>
        sessions.all.reduce((most, { conversation }) => Math.max(most, conversation.lines.waiting.length), 0),
    },
    {
      name: 'parrotfish_lines_total',
      help: 'Lines that came into a voice channel, by what became of them: said, or the reason why not',
      kind: 'counter',
      label: 'outcome',
      read: () => Object.fromEntries(tally.lines),
    },
    {
      name: 'parrotfish_chat_messages_total',
      help: 'Chat messages by what became of them: read, or the reason why not',
      kind: 'counter',
      label: 'outcome',
      read: () => ({
        read: 0,
        ...Object.fromEntries(reasons().map(reason => [reason, 0])),
        ...discord.figures.messages,
      }),
    },
    {
      name: 'parrotfish_cache_hits_total',
      help: 'Lines that were said from memory, without Fish Audio',
      kind: 'counter',
      read: () => cache.hits,
    },
    {
      name: 'parrotfish_cache_saved_text_bytes_total',
      help: 'UTF-8 bytes of words that were not sent to Fish Audio, because they were said from memory',
      kind: 'counter',
      read: () => cache.savedBytes,
    },
    {
      name: 'parrotfish_cache_renditions',
      help: 'Sounds of short lines that are kept in memory',
      kind: 'gauge',
      read: () => cache.figures.renditions,
    },
    {
      name: 'parrotfish_cache_size_bytes',
      help: 'Memory that these sounds take, with what it takes to find them',
      kind: 'gauge',
      read: () => cache.figures.bytes,
    },
    {
      name: 'parrotfish_voice_reconnects_total',
      help: 'Times that a voice channel was joined again after its connection had failed',
      kind: 'counter',
      read: () => tally.rejoins,
    },
  ]);
}
