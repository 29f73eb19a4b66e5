import { LogOutput } from '../../src/log-output.ts';

// A program for `test/log-output.test.ts`: it writes as many lines to standard output as its argument says, all at
// once, and one more at the end. On standard error it tells when it has written them, and how long that has held up its
// event loop. It ends when its input does.

const LINE = 'x'.repeat(90);

void process.stdout.isTTY; // like the bot, it looks what standard output is; that makes it a stream that can be full
const output = new LogOutput(1);
const began = performance.now();
for (let n = 0; n < Number(process.argv[2]); n += 1) output.write(`${n} ${LINE}\n`);
process.stderr.write(`written in ${Math.round(performance.now() - began)} ms\n`);
process.stdin.resume().once('end', () => {
  output.write('the end\n');
  process.exit(0);
});
