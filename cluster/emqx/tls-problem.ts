import type { Scheme } from './endpoint.ts'

/** OpenSSL's words for a certificate that no known authority vouches for, as Node.js passes them on. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
])
const OF_CERTIFICATE = /^(CERT_|ERR_TLS_CERT)/

/** True when EMQX answered by TLS, and it is its certificate that is not accepted. */
export const isUntrusted = (error: unknown): boolean => {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && (UNTRUSTED.has(code) || OF_CERTIFICATE.test(code))
}

/** What is wrong with TLS, and what the user can do; undefined where something else is. */
export function tlsProblem(
  error: NodeJS.ErrnoException,
  scheme: Scheme,
): { why: string; todo?: string } | undefined {
  const { code = '', message } = error
  if (UNTRUSTED.has(code))
    return {
      why: `its certificate is not trusted (${code})`,
      todo: 'name the file of its authority with --emqx-ca, or accept any with --emqx-insecure',
    }
  if (isUntrusted(error))
    return {
      why: `its certificate is not valid (${code})`,
      todo: 'renew it, or accept any with --emqx-insecure',
    }
  if (scheme === 'http')
    return code.startsWith('HPE_') ? { why: 'it does not speak HTTP, perhaps TLS' } : undefined
  if (!/^(EPROTO|ERR_SSL_)/.test(code)) return undefined
  const isPlain = /wrong.version.number|packet.length.too.long|http.request/i.test(`${code} ${message}`)
  return { why: isPlain ? 'it does not speak TLS' : `TLS fails (${code})` }
}
