import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type FakeDiscord, startDiscord } from '../sandbox/discord/discord.ts';
import { noFaults } from '../sandbox/discord/faults.ts';
import { testBehaviour } from '../sandbox/fish/behaviour.ts';
import { type FakeFish, startFish } from '../sandbox/fish/fish.ts';
import { removeFolder } from '../sandbox/folder.ts';

/** What a program that looks at a newcomer's setup meets. */
export interface ProgramScene {
  readonly discord: FakeDiscord;
  readonly fish: FakeFish;
  /** An empty folder, another one for each test. */
  readonly cwd: string;
}

/**
 * Starts a sandbox of Discord and Fish Audio for all tests of a file, in which each test begins without faults. Has to
 * be called once in the file; what it returns is filled before the first test.
 */
export function useProgramScene(): ProgramScene {
  const scene: Partial<{ -readonly [K in keyof ProgramScene]: ProgramScene[K] }> = {};
  beforeAll(async () => {
    scene.discord = await startDiscord();
    scene.fish = await startFish();
  });
  afterAll(async () => {
    await scene.fish?.[Symbol.asyncDispose]();
    await scene.discord?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    scene.cwd = mkdtempSync(join(tmpdir(), 'parrotfish-program-'));
  });
  afterEach(async () => {
    if (scene.discord) replace(scene.discord.faults, noFaults());
    if (scene.fish) replace(scene.fish.behaviour, testBehaviour);
    if (scene.cwd) await removeFolder(scene.cwd);
  });
  return scene as ProgramScene;
}

/** Gives an object the fields of another, and no others. */
function replace(object: object, fields: object): void {
  for (const key of Object.keys(object)) Reflect.deleteProperty(object, key);
  Object.assign(object, fields);
}
