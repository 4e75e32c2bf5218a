import 'reflect-metadata'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** PEM texts: a certificate, its key, and the authority that signed it. */
export interface Identity {
  ca: string
  cert: string
  key: string
}

export interface CertificateOptions {
  /** Subject alternative names. Default: localhost and the loopback addresses. */
  names?: x509.JsonGeneralNames
  expired?: boolean
}

const LOOPBACK_NAMES: x509.JsonGeneralNames = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
]
const SIGNING = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const FROM = new Date('2020-01-01T00:00:00Z')
const UNTIL = new Date('2099-12-31T00:00:00Z')
const EXPIRED = new Date('2021-01-01T00:00:00Z')

x509.cryptoProvider.set(webcrypto)

/** Elliptic: an RSA key costs a hundred times as much to make. */
async function newKeys() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { subtle } = webcrypto
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pair: {
      privateKey: await subtle.importKey('pkcs8', der, algorithm, true, ['sign']),
      publicKey: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
    },
  }
}

/** A certificate authority for one test file, made when it runs. */
export class Authority {
  readonly ca: string
  readonly #certificate: x509.X509Certificate
  readonly #keys: webcrypto.CryptoKeyPair
  #made = 0

  private constructor(certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.ca = certificate.toString('pem')
    this.#certificate = certificate
    this.#keys = keys
  }

  static async create(name = 'weir test authority'): Promise<Authority> {
    const { pair } = await newKeys()
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name: `CN=${name}`,
      notBefore: FROM,
      notAfter: UNTIL,
      keys: pair,
      signingAlgorithm: SIGNING,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        await x509.SubjectKeyIdentifierExtension.create(pair.publicKey),
      ],
    })
    return new Authority(certificate, pair)
  }

  /** A new key and a certificate for it, good for servers and clients. */
  async issue(
    commonName: string,
    { names = LOOPBACK_NAMES, expired = false }: CertificateOptions = {},
  ): Promise<Identity> {
    const { pair, pem } = await newKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: (++this.#made + 1).toString(16).padStart(2, '0'),
      subject: `CN=${commonName}`,
      issuer: this.#certificate.subject,
      notBefore: FROM,
      notAfter: expired ? EXPIRED : UNTIL,
      publicKey: pair.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: SIGNING,
      extensions: [
        new x509.SubjectAlternativeNameExtension(names),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
      ],
    })
    return { ca: this.ca, cert: certificate.toString('pem'), key: pem }
  }
}
