import type { Logger } from '../../log.ts';
import { personSettings } from '../../settings/person.ts';
import type { Connection } from '../database/connection.ts';
import type { TaskQueue } from '../database/task-queue.ts';
import { patchPerson } from '../guilds/changes.ts';
import type { GuildRecords } from '../guilds/guild-records.ts';
import { both } from '../guilds/live-record.ts';
import { checkedPatch } from '../guilds/setting-values.ts';
import { deleteVoice } from '../people/deletions.ts';
import type { Clone, CloneStore, GuildRecord } from '../store.ts';
import { inBackground } from '../upkeep.ts';
import { insertClone, readDoomed } from './clone-rows.ts';
import type { VoiceOwners } from './voice-owners.ts';

// The part of the store that keeps clones, the voices made of members' own recordings. What its methods promise stands
// at the interface `CloneStore` in `src/store/store.ts`.

export interface KeptClonesOptions {
  readonly connection: Connection;
  readonly queue: TaskQueue;
  readonly records: GuildRecords;
  readonly owners: VoiceOwners;
  readonly log: Logger;
}

export class KeptClones implements CloneStore {
  readonly #options: KeptClonesOptions;

  constructor(options: KeptClonesOptions) {
    this.#options = options;
  }

  async save(guildId: string, clone: Clone, { chosen }: { readonly chosen: boolean }): Promise<GuildRecord> {
    const { records, owners, log } = this.#options;
    const { voiceId, userId } = clone;
    const patch = checkedPatch(personSettings, { voice: voiceId });
    const record = await records.save(guildId, async db => {
      const inserted = await insertClone(db, guildId, clone);
      return chosen ? both(inserted, await patchPerson(db, guildId, userId, patch, log)) : inserted;
    });
    owners.set(voiceId, { guildId, userId });
    return record;
  }

  async forget(guildId: string, voiceId: string): Promise<GuildRecord> {
    const { records, owners, log } = this.#options;
    const record = await records.save(guildId, db => deleteVoice(db, guildId, voiceId, log));
    owners.set(voiceId, null);
    return record;
  }

  get ownersKnown(): boolean {
    return this.#options.owners.known;
  }

  mayUse(voiceId: string, who: { readonly guildId: string; readonly userId: string }): boolean {
    const { owners } = this.#options;
    if (!owners.known) inBackground(owners.read());
    return owners.mayUse(voiceId, who);
  }

  doomed: CloneStore['doomed'] = () => this.#options.connection.read(readDoomed);

  async deletedAtFish(voiceId: string): Promise<void> {
    const { connection, queue } = this.#options;
    await queue.run(() =>
      connection.write(db => db.deleteFrom('doomed_voice').where('voice_id', '=', voiceId).execute()),
    );
  }
}
