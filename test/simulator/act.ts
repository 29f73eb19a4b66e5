import type { Reason } from '../../src/speech/reasons.ts';
import type { Random } from '../support/random.ts';
import type { Room } from './room.ts';
import type { Scene } from './scene.ts';

/** What was drawn for an act, as it is printed with the schedule. `ms`: how long it lasts. */
export type Given = Readonly<Record<string, number | string | boolean>>;

/** What an act may cost people without breaking a promise. Whatever it does not allow has to go well all the same. */
interface Costs {
  /** So many packets on their way may be lost, each time. */
  readonly packets?: number;
  /** Lines said meanwhile may be lost, and nobody can know. */
  readonly lines?: boolean;
  /** Lines that wait or are written meanwhile may not be said, for one of these reasons. */
  readonly reasons?: readonly Reason[];
  /** Commands used meanwhile may get no answer, and that nobody hears the bot it is told too late. */
  readonly unanswered?: boolean;
  /** The bot may never be told of what people do meanwhile. */
  readonly unseen?: boolean;
  /** The bot forgets what it knew: what waited, and why something was not said. */
  readonly forgets?: boolean;
  /** For so long after its end it may still cost all that; a few seconds if absent. */
  readonly afterMs?: number;
  /** Voice joins that it may take, besides two. */
  readonly joins?: number;
}

interface ActBase<G extends Given> {
  readonly name: string;
  /** How often it is drawn, beside others of its scope. */
  readonly weight: number;
  readonly costs?: Costs;
  draw(random: Random): G;
}

/** Something that happens in one server. */
export interface RoomAct<G extends Given = Given> extends ActBase<G> {
  readonly scope: 'room';
  begin(room: Room, given: G): void | Promise<unknown>;
  /** After `given.ms`, or when peace comes. */
  end?(room: Room, given: G): void | Promise<unknown>;
}

/**
 * Something that happens to all servers at once: to the Fish Audio account, the gateway, the bot's process, or its
 * database.
 */
export interface WorldAct<G extends Given = Given> extends ActBase<G> {
  readonly scope: 'account' | 'gateway' | 'process' | 'database';
  begin(scene: Scene, given: G): void | Promise<unknown>;
  end?(scene: Scene, given: G): void | Promise<unknown>;
}

export type Act = RoomAct | WorldAct;

/** An act that happened. Times are `performance.now()`, in ms. */
export interface Deed {
  readonly act: Act;
  /** Undefined where it concerns all. */
  readonly room: number | undefined;
  readonly given: Given;
  readonly at: number;
  /** When it was over; Infinity while it goes on. */
  until: number;
  /** Why it could not be done: there was nothing to do it to. */
  impossible?: string;
}

/** Draws how long something lasts: short most often, since each second is a second of somebody's time. */
export function lasting(random: Random, least: number, most: number): number {
  return Math.round(least + (most - least) * random.fraction() ** 2);
}
