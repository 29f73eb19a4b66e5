import { spawn } from 'node:child_process';

/** Opens the page where there is a desktop; where that fails, the address has been printed. */
export function openBrowser(url: string): void {
  const { platform, env, stdout } = process;
  if (!stdout.isTTY) return;
  const desktop = platform === 'darwin' || platform === 'win32' || env['DISPLAY'] || env['WAYLAND_DISPLAY'];
  if (!desktop) return;
  const [program, ...args] =
    platform === 'darwin' ? ['open'] : platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => console.log('(No browser could be opened: open the address yourself.)'));
  child.unref();
}
