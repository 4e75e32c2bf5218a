import { readFileSync } from 'node:fs'
import { messageOf, usageError } from '#weir/errors/index.ts'
import { checkIdentity } from '../transport/secure-context.ts'
import type { ClientCertificate } from '../types.ts'

/**
 * The certificate and key of each client, by their paths: read once for each path, and fitted together. Throws WEIR_USAGE with the files
 * that cannot be read or do not fit.
 */
export function readCertificates(files: readonly { cert: string; key: string }[]): ClientCertificate[] {
  const texts = new Map<string, string>()
  const read = (flag: string, path: string): string => {
    const known = texts.get(path)
    if (known !== undefined) return known
    const text = readPem(flag, path)
    texts.set(path, text)
    return text
  }
  const known = new Map<string, ClientCertificate>()
  return files.map(({ cert, key }) => {
    const name = `${cert}\0${key}`
    const certificate = known.get(name) ?? { cert: read('--cert', cert), key: read('--key', key) }
    if (!known.has(name)) checkPair(certificate, cert, key)
    known.set(name, certificate)
    return certificate
  })
}

/** The text of a PEM file that a flag names. Throws WEIR_USAGE. */
export function readPem(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw usageError(`${flag} ${path} cannot be read (${messageOf(cause)}): it must be a PEM file`, cause)
  }
}

function checkPair(certificate: ClientCertificate, cert: string, key: string): void {
  try {
    checkIdentity(certificate)
  } catch (cause) {
    throw usageError(`--cert ${cert} and --key ${key}: ${messageOf(cause)}`, cause)
  }
}
