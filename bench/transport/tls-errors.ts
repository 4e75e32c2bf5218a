import type { ClientEventReason } from '#weir/facts/index.ts'

/** Why a client does not take a server's certificate: the verification errors that a user can do something about. */
const CERTIFICATE: Readonly<Record<string, ClientEventReason>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  HOSTNAME_MISMATCH: 'certificate-name',
}

/** OpenSSL's other verification errors, as Node names them: no trusted authority signed the certificate. */
const UNTRUSTED =
  /^(UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_|CRL_|ERROR_IN_C|INVALID_(CA|PURPOSE)|PATH_LENGTH_|AKID_|KEYUSAGE_|SUBJECT_ISSUER_)/

/** Everything else that goes wrong in TLS itself, e.g. ERR_SSL_WRONG_VERSION_NUMBER where no TLS is spoken. */
const OPENSSL = /^(ERR_SSL_|ERR_OSSL_|ERR_TLS_|EPROTO$)/

/** What a TLS error means; undefined where it is none. */
export function tlsReason(code: string): ClientEventReason | undefined {
  if (CERTIFICATE[code]) return CERTIFICATE[code]
  if (UNTRUSTED.test(code)) return 'certificate-untrusted'
  return OPENSSL.test(code) ? 'tls-refused' : undefined
}

/** Alerts by the end of OpenSSL's names for them, with their numbers (RFC 8446 §6). */
const ALERTS: readonly (readonly [string, number])[] = [
  ['ALERT_UNEXPECTED_MESSAGE', 10],
  ['ALERT_BAD_RECORD_MAC', 20],
  ['ALERT_HANDSHAKE_FAILURE', 40],
  ['ALERT_BAD_CERTIFICATE', 42],
  ['ALERT_UNSUPPORTED_CERTIFICATE', 43],
  ['ALERT_CERTIFICATE_REVOKED', 44],
  ['ALERT_CERTIFICATE_EXPIRED', 45],
  ['ALERT_CERTIFICATE_UNKNOWN', 46],
  ['ALERT_ILLEGAL_PARAMETER', 47],
  ['ALERT_UNKNOWN_CA', 48],
  ['ALERT_ACCESS_DENIED', 49],
  ['ALERT_DECODE_ERROR', 50],
  ['ALERT_DECRYPT_ERROR', 51],
  ['ALERT_PROTOCOL_VERSION', 70],
  ['ALERT_INSUFFICIENT_SECURITY', 71],
  ['ALERT_INTERNAL_ERROR', 80],
  ['ALERT_USER_CANCELLED', 90],
  ['ALERT_UNRECOGNIZED_NAME', 112],
  ['UNRECOGNIZED_NAME', 112],
  ['ALERT_CERTIFICATE_REQUIRED', 116],
  ['ALERT_NO_APPLICATION_PROTOCOL', 120],
]

/** The number of the alert that the server sent; -1 where the error is none. */
export function tlsAlert(code: string): number {
  if (!code.startsWith('ERR_SSL_')) return -1
  return ALERTS.find(([end]) => code.endsWith(end))?.[1] ?? -1
}
