/**
 * The version of the catalogue's `clone.statement`, to which people agree before a voice is made of theirs. It is kept
 * with each voice; whoever changes what the statement means raises it.
 */
export const STATEMENT_VERSION = 1;
