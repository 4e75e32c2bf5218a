import type { ClientEventReason } from '#weir/facts/index.ts'

/**
 * What reason codes of CONNACK, DISCONNECT and the acknowledgements say: MQTT 5 §2.4 from 0x80 on, MQTT 3.1.1 §3.2.2.3 below.
 */
const WORDS: Readonly<Record<number, string>> = {
  1: 'unacceptable protocol version',
  2: 'identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
  128: 'unspecified error',
  129: 'malformed packet',
  130: 'protocol error',
  131: 'implementation specific error',
  132: 'unsupported protocol version',
  133: 'client identifier not valid',
  134: 'bad user name or password',
  135: 'not authorized',
  136: 'server unavailable',
  137: 'server busy',
  138: 'banned',
  139: 'server shutting down',
  140: 'bad authentication method',
  141: 'keep alive timeout',
  142: 'session taken over',
  143: 'topic filter invalid',
  144: 'topic name invalid',
  147: 'receive maximum exceeded',
  148: 'topic alias invalid',
  149: 'packet too large',
  150: 'message rate too high',
  151: 'quota exceeded',
  152: 'administrative action',
  153: 'payload format invalid',
  154: 'retain not supported',
  155: 'QoS not supported',
  156: 'use another server',
  157: 'server moved',
  158: 'shared subscriptions not supported',
  159: 'connection rate exceeded',
  160: 'maximum connect time',
  161: 'subscription identifiers not supported',
  162: 'wildcard subscriptions not supported',
}

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
  return [`0x${code.toString(16).padStart(2, '0')}`, WORDS[code]].filter(Boolean).join(' ')
}
