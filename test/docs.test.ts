import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = `${import.meta.dirname}/..`;
const PAGES = globSync(
  ['README.md', 'CHANGELOG.md', 'docs/**/*.md', '.github/**/*.md', 'test/**/README.md'],
  {
    cwd: ROOT,
  },
).map(path => path.replaceAll('\\', '/'));

test.each(PAGES)('what %s links to, and names, is there', page => {
  const text = readFileSync(`${ROOT}/${page}`, 'utf8');
  const links = Array.from(
    text.matchAll(/(?:\]\(|\b(?:src|srcset|href)=")([^)"\s#]+)(?:#[^)"]*)?[)"]/g),
    ([, target = '']) => target,
  )
    .filter(target => !/^[a-z]+:/.test(target))
    .map(target => posix.join(posix.dirname(page), target));
  const named = Array.from(
    text.matchAll(/`((?:src|test|commands|docs)\/[\w./-]*\w)\/?`/g),
    ([, path = '']) => path,
  );
  expect([...links, ...named].filter(path => !existsSync(`${ROOT}/${path}`))).toEqual([]);
});

test('the title of each decision begins with the number of its file', () => {
  const files = globSync('docs/adr/*.md', { cwd: ROOT });
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const number = posix.basename(file.replaceAll('\\', '/')).slice(0, 4);
    expect(readFileSync(`${ROOT}/${file}`, 'utf8')).toMatch(new RegExp(`^# ${number}\\. \\S`));
  }
});

test('each picture and sound of docs/pictures is shown, and pictures have words for those who do not see them', () => {
  const pages = PAGES.map(page => readFileSync(`${ROOT}/${page}`, 'utf8')).join('\n');
  const kept = globSync('docs/pictures/*', { cwd: ROOT }).map(path => path.replaceAll('\\', '/'));
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.filter(path => !pages.includes(path))).toEqual([]);
  // Many people load them on a phone.
  expect(kept.filter(path => statSync(`${ROOT}/${path}`).size > 250_000)).toEqual([]);
  const images = pages.match(/<img\b[^>]*>/g) ?? [];
  expect(images.filter(image => !/\balt="[^"]{20,}"/.test(image))).toEqual([]);
});

test('the map of promises names each test of the whole bot, and no other', () => {
  const map = readFileSync(`${ROOT}/test/bot/README.md`, 'utf8');
  const named = Array.from(map.matchAll(/`([\w.-]+\.test\.ts)`/g), ([, file = '']) => file);
  const kept = globSync('test/bot/*.test.ts', { cwd: ROOT }).map(path =>
    posix.basename(path.replaceAll('\\', '/')),
  );
  const short = kept.filter(file => !file.endsWith('.soak.test.ts'));
  expect(new Set(named)).toEqual(new Set(short));
});
