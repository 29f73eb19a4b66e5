import { group } from '../src/discord/interaction/command.ts';
import { dictionaryAdd } from './dictionary-add.ts';
import { dictionaryExport } from './dictionary-export.ts';
import { dictionaryImport } from './dictionary-import.ts';
import { dictionaryList } from './dictionary-list.ts';
import { dictionaryRemove } from './dictionary-remove.ts';
import { dictionaryTry } from './dictionary-try.ts';

/** `/dictionary` holds the subcommands by which people change how words are pronounced in their guild. */
export const dictionary = group('dictionary', [
  dictionaryAdd,
  dictionaryRemove,
  dictionaryList,
  dictionaryImport,
  dictionaryExport,
  dictionaryTry,
]);
