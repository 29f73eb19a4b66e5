import { expect, test } from 'vitest';
import { Recovery } from '../../src/call/recovery.ts';

test('encryption that does not form has a re-join of its own, whatever failed before it', () => {
  const recovery = new Recovery();
  recovery.ready();
  for (const failed of [recovery.afterFault(), recovery.afterClose(4006)]) {
    expect(failed).toHaveProperty('pauseMs');
    recovery.tried();
  }
  expect(recovery.afterDeadline('encryption')).toHaveProperty('pauseMs');
  recovery.tried();
  expect(recovery.afterDeadline('encryption')).toEqual({ end: 'encryption' });
});

test('what was well for a while is tried anew', () => {
  const recovery = new Recovery();
  recovery.ready();
  recovery.afterDeadline('encryption');
  recovery.forget();
  expect(recovery.afterDeadline('encryption')).toHaveProperty('pauseMs');
});
