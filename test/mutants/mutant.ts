/** A change of one place in the program, by which something that keeps people safe is gone. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  readonly instead: string;
}

/** A program without one of its walls, checks or gates, and the tests of which one must fail with it. */
export interface Mutant {
  /** What is gone, in words. */
  readonly name: string;
  /** Most walls stand in one place; where two stand behind one another, both have to go. */
  readonly edits: readonly Edit[];
  /** A file of tests, from the root of the repository. */
  readonly test: string;
  /** Part of the names of the tests that count; all of the file where it is left out. */
  readonly named?: string;
}

/** An edit, from its parts. */
export const edit = (file: string, text: string, instead: string): Edit => ({ file, text, instead });

/** A mutant with one edit, which all tests of a file notice, or those with part of a name. */
export const one = (name: string, change: Edit, test: string, named?: string): Mutant => ({
  name,
  edits: [change],
  test,
  ...(named !== undefined && { named }),
});
