/** Asks the process to end by SIGTERM, as soon as anything in it listens to that. */
const listener = (event: string | symbol) => {
  if (event !== 'SIGTERM') return;
  process.off('newListener', listener);
  queueMicrotask(() => process.kill(process.pid, 'SIGTERM'));
};
process.on('newListener', listener);
