/** Servers: the first is quiet, and must not notice what happens in the others. */
export const ROOMS = 3;
export const QUIET = 0;
/** In each server; the first one stays. */
export const PEOPLE = ['Ana', 'Ben', 'Cleo'] as const;
