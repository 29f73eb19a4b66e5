import { endAtOnceIfAsked } from './process-end.ts';

// The program that `npm start` starts. It listens to the signals that ask for its end before it loads anything, since
// that takes up to some seconds on a busy machine; then it starts the bot (`start.ts`).

const handOver = endAtOnceIfAsked();
const { start } = await import('./start.ts');
process.exit(await start(process.env, handOver));
