import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import { usageError, type WeirError } from '#weir/errors/index.ts'
import type { ClientCertificate, TlsSpec } from '../types.ts'

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The certificates and the key of a fleet, read and fitted together. Throws WEIR_USAGE when they make no sense. */
export function secureContext(spec: TlsSpec): SecureContext {
  checkPems(spec)
  return uncheckedContext(spec)
}

/** The same of what was checked before: a client's own certificate is needed for each client, and read once more by OpenSSL only. */
export function uncheckedContext({ ca, cert, key, ciphers }: TlsSpec): SecureContext {
  try {
    return createSecureContext({ ca, cert, key, ciphers })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') throw mismatch(cause)
    if (code === 'ERR_SSL_NO_CIPHER_MATCH')
      throw usage(
        `OpenSSL knows none of the ciphers "${ciphers}" (--ciphers): "openssl ciphers -v" lists them`,
        cause,
      )
    throw unreadable(message, cause)
  }
}

/** Whether a client's certificate and key can be used, and belong together: for a fifth of what a context costs. Throws WEIR_USAGE. */
export function checkIdentity({ cert, key }: ClientCertificate): void {
  checkPems({ cert, key })
  let belongs: boolean
  try {
    belongs = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch (cause) {
    throw unreadable((cause as Error).message, cause)
  }
  if (!belongs) throw mismatch()
}

function checkPems({ ca, cert, key }: TlsSpec): void {
  if (cert !== undefined && key === undefined)
    throw usage('a client certificate (--cert) needs its key: give --key as well')
  if (key !== undefined && cert === undefined)
    throw usage('a key (--key) needs its client certificate: give --cert as well')
  requireCertificates(ca, 'the authority (--ca)')
  requireCertificates(cert, 'the client certificate (--cert)')
  if (key !== undefined && !key.includes('PRIVATE KEY-----'))
    throw usage('the key (--key) holds no private key in PEM form ("-----BEGIN PRIVATE KEY-----")')
  if (key !== undefined && /ENCRYPTED/.test(key))
    throw usage(
      'the key (--key) is encrypted: decrypt it first (openssl pkey -in <key> -out <decrypted key>)',
    )
}

const mismatch = (cause?: unknown): WeirError =>
  usage(
    'the key (--key) does not belong to the certificate (--cert): give the two that were made together',
    cause,
  )

const unreadable = (message: string, cause: unknown): WeirError =>
  usage(`OpenSSL does not take the certificate or the key: ${message}`, cause)

/** Node takes a text without a certificate for an empty list. */
function requireCertificates(pem: string | undefined, what: string): void {
  if (pem === undefined) return
  const blocks = pem.match(PEM_CERTIFICATE)
  if (!blocks) throw usage(`${what} holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")`)
  for (const block of blocks)
    try {
      new X509Certificate(block)
    } catch (cause) {
      throw usage(`${what} holds a damaged certificate (${(cause as Error).message})`, cause)
    }
}

function usage(words: string, cause?: unknown): WeirError {
  return usageError(`TLS: ${words}`, cause)
}
