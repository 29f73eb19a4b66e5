// Loaded before a program: its standard output counts as a terminal.

Object.defineProperty(process.stdout, 'isTTY', { value: true });
