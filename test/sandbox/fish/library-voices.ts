import { createHash } from 'node:crypto';
import type { ModelAuthor, ModelEntity } from './model-entity.ts';

type Row = readonly [
  title: string,
  languages: string,
  tags: string,
  likes: number,
  tasks: number,
  line: string,
  more?: Partial<ModelEntity>,
];

const AUTHORS = ['Coralline', 'Tidepool Studio', 'ねこやま', 'Marée Basse'];
const FIRST_DAY = Date.UTC(2025, 0, 6);
const DAY_MS = 86_400_000;

/** Voices of a public library in small: several languages, names that look alike, and some that are not for all. */
const ROWS: readonly Row[] = [
  [
    'Calm Narrator',
    'en',
    'male,narration,calm',
    5210,
    901_000,
    'Far out at sea, the water is as blue as it is deep.',
  ],
  [
    'Calm Narrator 2',
    'en',
    'female,narration,calm',
    812,
    40_310,
    'And so the lamp was lit, and the story went on.',
  ],
  [
    'Energetic Host',
    'en',
    'male,energetic,podcast',
    3120,
    210_440,
    'Welcome back, everybody, this is going to be fun!',
  ],
  [
    'Warm Grandmother',
    'en',
    'female,old,storytelling',
    2044,
    98_120,
    'Come in, dear, the kettle has just boiled.',
  ],
  ['British Butler', 'en', 'male,formal,british', 1980, 77_003, 'Dinner is served, whenever you are ready.'],
  ['Captain Redbeard', 'en', 'male,character,pirate', 4410, 130_555, 'Hoist the sails, you lazy barnacles!'],
  ['Robot 7', 'en', 'character,robot,monotone', 1502, 61_090, 'All systems are working within their limits.'],
  ['Late Night Radio', 'en', 'female,deep,calm', 2750, 120_100, 'It is ten past two, and the city is quiet.'],
  ['Sports Commentator', 'en', 'male,energetic,sports', 990, 33_871, 'He shoots, and what a goal that is!'],
  ['Whispering Wind', 'en', 'female,whisper,asmr', 1875, 54_212, 'Close your eyes and listen to the rain.'],
  [
    'Young Wizard',
    'en',
    'male,young,character',
    640,
    12_995,
    'I swear the staff was on fire before I came in.',
  ],
  [
    'Ruhige Erzählerin',
    'de',
    'female,narration,calm',
    1210,
    45_870,
    'Es war einmal ein Fluss, der nicht zum Meer wollte.',
  ],
  [
    'Fröhlicher Nachbar',
    'de',
    'male,friendly,young',
    530,
    17_640,
    'Guten Morgen! Haben Sie schon Kaffee getrunken?',
  ],
  ['Nachrichtensprecher', 'de', 'male,news,formal', 702, 29_330, 'Guten Abend, meine Damen und Herren.'],
  ['Narrateur du soir', 'fr', 'male,narration,deep', 860, 25_018, 'La mer montait doucement dans la nuit.'],
  ['Élise', 'fr', 'female,young,friendly', 1430, 52_777, 'Bonjour ! Tu viens prendre un café ?'],
  [
    'Contador de historias',
    'es',
    'male,storytelling',
    910,
    31_414,
    'Había una vez un faro que nadie encendía.',
  ],
  ['Lucía', 'es', 'female,friendly,young', 1705, 66_201, 'Hola, ¿qué tal? ¡Qué alegría verte!'],
  ['Mestre do Mar', 'pt', 'male,character', 310, 8_044, 'O vento mudou, e com ele a nossa sorte.'],
  ['Giulia', 'it', 'female,warm', 455, 13_300, 'Oggi il mare è calmo come uno specchio.'],
  ['静かな語り手', 'ja', 'female,narration,calm', 2610, 143_090, '静かな海に、月がゆっくりと昇っていく。'],
  ['元気なネコ', 'ja', 'character,young,energetic', 3904, 175_660, 'おはよう!今日も元気にいこうね!'],
  ['温柔女声', 'zh', 'female,calm,warm', 6120, 1_204_330, '夜深了,愿你有一个好梦。'],
  ['新闻主播', 'zh', 'male,news,formal', 2288, 310_020, '各位观众,晚上好。'],
  ['차분한 목소리', 'ko', 'female,calm', 1104, 47_112, '오늘도 수고 많았어요.'],
  ['Спокойный голос', 'ru', 'male,calm,narration', 720, 19_408, 'Море было тихим, и корабль стоял у берега.'],
  ['صوت هادئ', 'ar', 'male,calm', 391, 9_912, 'كان البحر هادئا تلك الليلة.'],
  [
    'Polyglot Guide',
    'en,de,fr,es',
    'female,multilingual',
    2033,
    88_610,
    'Welcome, willkommen, bienvenue, bienvenidos!',
  ],
  [
    'A voice with a very long title that somebody wrote to be found by every word there is, and then some',
    'en',
    '',
    3,
    41,
    '',
  ],
  [
    'Unlisted Friend',
    'en',
    'male',
    12,
    230,
    'Only those who have the link know me.',
    { visibility: 'unlist' },
  ],
  ["Somebody's Own", 'en', 'female', 0, 4, 'Not for you.', { visibility: 'private' }],
  [
    'Still Training',
    'en',
    'male',
    0,
    0,
    'Soon.',
    { visibility: 'unlist', state: 'training', train_mode: 'full' },
  ],
];

/** 32 hexadecimal digits, told by `seed`. */
export function hexId(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 32);
}

export function author(nickname: string): ModelAuthor {
  return { _id: hexId(`author ${nickname}`), nickname, avatar: '' };
}

/** The voices that are there from the start; `origin` is where their samples are. */
export function libraryVoices(origin: string): ModelEntity[] {
  return ROWS.map(([title, languages, tags, likes, tasks, line, more], index) => {
    const _id = hexId(title);
    const at = new Date(FIRST_DAY + index * DAY_MS).toISOString();
    const audio = `${origin}/sample/${_id}.mp3`;
    return {
      _id,
      type: 'tts',
      title,
      description: '',
      cover_image: `coverimage/${_id}`,
      train_mode: 'fast',
      state: 'trained',
      tags: words(tags),
      samples: line === '' ? [] : [{ title: 'Default Sample', text: line, task_id: hexId(line), audio }],
      created_at: at,
      updated_at: at,
      languages: words(languages),
      visibility: 'public',
      lock_visibility: false,
      dmca_taken_down: false,
      default_text: line,
      like_count: likes,
      mark_count: Math.round(likes / 3),
      shared_count: Math.round(likes / 10),
      task_count: tasks,
      unliked: false,
      liked: false,
      marked: false,
      author: author(AUTHORS[index % AUTHORS.length] ?? ''),
      ...more,
    };
  });
}

function words(list: string): string[] {
  return list === '' ? [] : list.split(',');
}
