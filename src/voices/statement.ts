/**
 * The version of the text `clone.statement` in the catalogues, to which people agree before a clone is made of their
 * voice. It is kept with each clone. Whoever changes what the statement means must raise this number.
 */
export const STATEMENT_VERSION = 1;
