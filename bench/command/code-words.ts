import type { ClientEventReason } from '#weir/facts/client-events.ts'
import { MQTT_CODE_WORDS } from '#weir/facts/mqtt-codes.ts'

/** The server's alerts that a user can do something about (RFC 8446 §6). */
const ALERTS: Readonly<Record<number, string>> = {
  40: 'handshake failure',
  42: 'bad certificate',
  45: 'certificate expired',
  46: 'certificate unknown',
  48: 'unknown authority',
  49: 'access denied',
  70: 'protocol version',
  112: 'unrecognized name',
  116: 'certificate required',
  120: 'no application protocol',
}

/** The code of an ending in words: an MQTT reason code, or by the reason a TLS alert or an HTTP status. Nothing for no code (-1). */
export function codeWords(reason: ClientEventReason, code: number): string {
  // Its words say it.
  if (reason === 'protocol-error') return ''
  if (code < 0) return reason === 'ws-refused' ? '(no HTTP)' : ''
  if (reason === 'ws-refused') return `(HTTP ${code})`
  if (reason === 'tls-refused') return `(${['alert', code, ALERTS[code]].filter(Boolean).join(' ')})`
  return mqttWords(code)
}

/** "0x86 bad user name or password", "0x04 bad user name or password"; nothing for success (0). */
function mqttWords(code: number): string {
  if (code === 0) return ''
  return [`0x${code.toString(16).padStart(2, '0')}`, MQTT_CODE_WORDS[code]].filter(Boolean).join(' ')
}
