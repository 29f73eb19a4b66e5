/** What is fuzzed, by the names that `npm run fuzz -- --target` takes. */
export const TARGETS = ['ogg', 'events', 'text', 'import', 'queue'] as const;
export type TargetName = (typeof TARGETS)[number];
