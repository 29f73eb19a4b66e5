import type { AudioTrack } from './audio-track.ts';
import type { FishBehaviour, FishFault } from './behaviour.ts';
import { Mp3Track } from './mp3-track.ts';
import { OpusTrack } from './opus-track.ts';
import { NumberedSource, SpokenSource } from './packet-source.ts';
import { amplify, type Spoken } from './pcm.ts';
import { PcmTrack } from './pcm-track.ts';
import { Rendition } from './rendition.ts';
import type { TtsRequest } from './request.ts';
import type { SessionRecord } from './session-record.ts';
import { speakTones } from './tones.ts';
import type { Words } from './words.ts';

const RUNAWAY = 10;

interface Take {
  readonly words: Words;
  readonly behaviour: FishBehaviour;
  readonly request: TtsRequest;
  readonly fault: FishFault | undefined;
  /** Of the session; the words are noted there. */
  readonly record: SessionRecord;
  /** How many sessions there were before. */
  readonly number: number;
}

/** The voice of one session, as its request, the server's behaviour and the session's fault want it. */
export function recordTrack({ words, behaviour, request, fault, record, number }: Take): AudioTrack {
  const { voice, packets, packetsPerEvent, ogg, spread, seed, language } = behaviour;
  const rendition = new Rendition({ number, spread, seed });
  const { format, sampleRate, saturated } = request;
  // A recording sounds like nobody of the library.
  const timbre = request.references.map(({ sha256 }) => sha256).join() || request.voice;
  const sound = async (text: string): Promise<Spoken> => {
    const spoken =
      voice === 'espeak'
        ? await words.speak(text, { voice: timbre, speed: request.speed, language }, rendition)
        : speakTones(text, rendition);
    return { ...spoken, samples: amplify(spoken.samples, request.volume) };
  };
  if (format === 'mp3') return new Mp3Track(sound, sampleRate, request.mp3Bitrate);
  if (format !== 'opus') return new PcmTrack(sound, format, sampleRate);
  // Only packets of more than 255 bytes can go on in the next page.
  const large = saturated || ogg.continuePackets;
  const repeat = fault?.kind === 'runaway' ? (fault.factor ?? RUNAWAY) : 1;
  const total = packets === undefined ? undefined : packets * repeat;
  return new OpusTrack({
    source:
      voice === 'numbered'
        ? new NumberedSource({ shape: ogg, saturated: large, rendition, total })
        : new SpokenSource(sound, ogg, large),
    shape: ogg,
    packetsPerEvent,
    repeat,
    silenceSeconds: fault?.kind === 'silence' ? fault.seconds : 0,
    onWord: word => record.words.push(word),
    pageEndsAfter: fault && 'afterPackets' in fault ? fault.afterPackets : undefined,
  });
}
