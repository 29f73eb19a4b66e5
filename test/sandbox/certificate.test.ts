import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, test } from 'vitest';
import { createCertificate } from './discord/certificate.ts';

test('a process that trusts several certificates of the sandbox reaches the server of each', async () => {
  const trusted = getCACertificates('default');
  try {
    for (let made = 1; made <= 8; made++) {
      await using certificate = await createCertificate();
      setDefaultCACertificates([...getCACertificates('default'), certificate.cert]);
      const server = createServer({ cert: certificate.cert, key: certificate.key });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      socket.destroy();
      server.close();
    }
  } finally {
    setDefaultCACertificates(trusted);
  }
});
