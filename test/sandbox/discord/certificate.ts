import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** A certificate for this machine alone: voice gateways are reached by TLS only. */
export interface Certificate extends AsyncDisposable {
  readonly cert: string;
  readonly key: string;
  /** Path of the certificate (PEM) for `NODE_EXTRA_CA_CERTS`; removed on disposal. */
  readonly file: string;
}

/**
 * Makes a certificate for localhost and 127.0.0.1 that is its own authority. Each has a name of its own: OpenSSL looks
 * for an authority by name, takes the first it finds, and refuses a certificate when another one of that name is
 * trusted too.
 */
export async function createCertificate(): Promise<Certificate> {
  const name = `sandbox ${randomUUID()}`;
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const directory = await mkdtemp(join(tmpdir(), 'parrotfish-sandbox-'));
  const file = join(directory, 'ca.pem');
  await writeFile(file, cert);
  return {
    cert,
    key,
    file,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
