// Loaded before a program: its Node says that it is an old one.

Object.defineProperty(process, 'version', { value: 'v20.20.2' });
