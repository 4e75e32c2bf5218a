import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** PEM texts: a certificate, its key, and the authority that signed it. */
export interface Identity {
  ca: string
  cert: string
  key: string
}

export interface CertificateOptions {
  /** Subject alternative names as OpenSSL writes them. Default: localhost and the loopback addresses. */
  names?: string
  expired?: boolean
}

const LOOPBACK_NAMES = 'DNS:localhost,IP:127.0.0.1,IP:::1'

/** `openssl ca` is the one command of OpenSSL 3.0 that makes certificates which have expired already. */
const CONFIG = `
[ ca ]
default_ca = weir
[ weir ]
database = index
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
rand_serial = yes
copy_extensions = none
[ any ]
commonName = supplied
[ req ]
distinguished_name = name
[ name ]
[ authority ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
`

/** A certificate authority for one test file, made when it runs. Needs openssl. */
export class Authority {
  readonly ca: string
  readonly #folder = mkdtempSync(join(tmpdir(), 'weir-ca-'))
  #made = 0

  constructor(name = 'weir test authority') {
    writeFileSync(join(this.#folder, 'index'), '')
    writeFileSync(join(this.#folder, 'config'), CONFIG)
    this.#openssl(
      'req',
      '-x509',
      '-config',
      'config',
      '-extensions',
      'authority',
      ...newKey('ca.key'),
      '-subj',
      `/CN=${name}`,
      '-days',
      '30',
      '-out',
      'ca.pem',
    )
    this.ca = this.#read('ca.pem')
  }

  /** A new key and a certificate for it, good for servers and clients. */
  issue(commonName: string, { names = LOOPBACK_NAMES, expired = false }: CertificateOptions = {}): Identity {
    const name = `${++this.#made}`
    writeFileSync(
      join(this.#folder, `${name}.extensions`),
      `subjectAltName = ${names}\nextendedKeyUsage = serverAuth, clientAuth\n`,
    )
    this.#openssl(
      'req',
      '-new',
      '-config',
      'config',
      ...newKey(`${name}.key`),
      '-subj',
      `/CN=${commonName}`,
      '-out',
      `${name}.csr`,
    )
    const [start, end] = expired
      ? ['20200101000000Z', '20210101000000Z']
      : ['20200101000000Z', '20991231000000Z']
    this.#openssl(
      'ca',
      '-batch',
      '-notext',
      '-config',
      'config',
      '-startdate',
      start,
      '-enddate',
      end,
      '-extfile',
      `${name}.extensions`,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
    )
    return { ca: this.ca, cert: this.#read(`${name}.pem`), key: this.#read(`${name}.key`) }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }

  #read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8')
  }
}

/** Elliptic: an RSA key costs a hundred times as much to make. */
function newKey(file: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file]
}
