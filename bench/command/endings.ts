import type { ClientEventKind, ClientEventReason } from '#weir/facts/index.ts'
import { MQTT_CODE_WORDS } from '#weir/facts/mqtt-codes.ts'

/** What an attempt or a connection ended because of: this machine, the network, or the broker. */
export type Whose = 'generator' | 'network' | 'broker'

/** How often attempts or connections ended in one way. */
export interface Ending {
  kind: ClientEventKind
  reason: ClientEventReason
  /** MQTT reason code, TLS alert or HTTP status, by the reason; -1 where there is none. */
  code: number
  count: number
}

interface Meaning {
  whose: Whose
  words: string
  /** What a user can do about it. */
  todo: string
}

const UP = 'check that the broker is up'
const LOG = 'check the broker’s log for the reason'
const INSECURE = 'or accept any certificate with --insecure'

const meaning = (whose: Whose, words: string, todo: string): Meaning => ({ whose, words, todo })
const broker = (words: string, todo: string) => meaning('broker', words, todo)

/** One entry for each reason that is a failure; the others ('', 'stopped', 'policy-exhausted') are none. */
const MEANINGS: Readonly<Partial<Record<ClientEventReason, Meaning>>> = {
  'connection-refused': broker(
    'connection refused',
    'check --hostname and --port, and that the broker is up',
  ),
  connack: broker('CONNACK', LOG),
  'disconnect-packet': broker('DISCONNECT', LOG),
  closed: broker(
    'it closed the connection',
    'check --protocol, --mqtt-version, the credentials and TLS, whether the listener expects the PROXY protocol (--proxy-protocol), and the broker’s log',
  ),
  reset: broker(
    'it reset the connection',
    `${UP}, its limits, and whether the listener expects the PROXY protocol (--proxy-protocol)`,
  ),
  'connect-timeout': broker(
    'connect timed out',
    `${UP} and that no firewall blocks it; its listen backlog may be full: try a lower --rate or --in-flight`,
  ),
  'connack-timeout': broker(
    'no CONNACK in time',
    'check that the port speaks MQTT, that the broker is not overloaded, and whether the listener expects the PROXY protocol (--proxy-protocol)',
  ),
  'keepalive-timeout': broker('no ping response in time', UP),
  'protocol-error': broker(
    'it sent invalid MQTT',
    'check --port, --protocol and --mqtt-version: something else may be listening there',
  ),
  unreachable: meaning(
    'network',
    'network unreachable',
    'check the network, routes and firewalls between here and the broker',
  ),
  'too-many-files': meaning(
    'generator',
    'open-file limit reached (EMFILE)',
    'raise the limit with "ulimit -n", or use --processes or fewer clients',
  ),
  'address-unavailable': meaning(
    'generator',
    'no free local port or address (EADDRNOTAVAIL)',
    'connect from several addresses with --ifaddr, widen net.ipv4.ip_local_port_range, or use fewer clients',
  ),
  'certificate-untrusted': broker(
    'its certificate is not signed by a trusted authority',
    `set its authority with --ca, ${INSECURE}`,
  ),
  'certificate-expired': broker('its certificate has expired or is not valid yet', `renew it, ${INSECURE}`),
  'certificate-name': broker(
    'its certificate is for another name',
    'connect by a name in the certificate, or set one with --servername',
  ),
  'tls-refused': broker('no TLS handshake', 'check the port, --cert and --key, and the broker’s log'),
  'ws-refused': broker('no WebSocket', 'check the port, --path and --ws-headers'),
}

const REPORT = 'report this to the broker’s developers, or use another'

/** Protocol errors of a broker, by the code that its client disconnects with (MQTT 5 §4.13.1). */
const BREACHES: Readonly<Record<number, Meaning>> = {
  130: broker('it violated the protocol', 'check --port and --mqtt-version, and the broker’s log'),
  147: broker('it sent more than the receive maximum allows', `${REPORT} --receive-maximum`),
  148: broker('it sent a topic alias that the client does not allow', `${REPORT} --topic-alias-maximum`),
  149: broker(
    'it sent a packet larger than the client accepts',
    'check --port and --protocol: something else may be listening there; otherwise use a larger --maximum-packet-size',
  ),
}

const TAKEN_OVER =
  'another client of the same client id, or of the same user name where the broker makes ids of user names (use_username_as_clientid), may have taken over: check --client-id'

/** Advice for codes that say what to change. 3.1.1 has its own numbers (§3.2.2.3). */
const CREDENTIALS = 'check --username and --password (or WEIR_MQTT_USERNAME and WEIR_MQTT_PASSWORD)'
const OTHER_VERSION = 'try another --mqtt-version'
const TODO_OF_CODE: Readonly<Record<number, string>> = {
  1: OTHER_VERSION,
  132: OTHER_VERSION,
  2: 'try another --client-id',
  133: 'try another --client-id',
  4: CREDENTIALS,
  5: CREDENTIALS,
  134: CREDENTIALS,
  135: CREDENTIALS,
  142: `${TAKEN_OVER}, or use another one for each run`,
  156: 'follow its reference with --follow-server-reference',
  157: 'follow its reference with --follow-server-reference',
}

/** A connection that had been accepted: protocol, version and credentials are right, or there were no CONNACK. */
const TODO_AFTER_CONNACK: Readonly<Partial<Record<ClientEventReason, string>>> = {
  closed: `it had accepted the connection: ${TAKEN_OVER}; or an idle limit or an ACL applies: check the broker’s log`,
  reset: `it had accepted the connection: ${UP} and its limits, and that no proxy or load balancer between cuts idle connections`,
}

/** How the ends are headed in a summary. */
const AT: Readonly<Partial<Record<ClientEventKind, string>>> = {
  refused: 'refused',
  failed: 'failed',
  disconnected: 'lost',
}

function meaningOf({ kind, reason, code }: Ending): Meaning {
  // Before a CONNACK nothing has shown yet that the other side speaks MQTT.
  const breach = reason === 'protocol-error' && kind === 'disconnected' ? BREACHES[code] : undefined
  return breach ?? MEANINGS[reason] ?? meaning('network', reason, UP)
}

export function whoseFault(ending: Ending): Whose {
  return meaningOf(ending).whose
}

/** "refused: CONNACK 0x86 bad user name or password". */
export function endingWords(ending: Ending): string {
  const code = codeWords(ending.reason, ending.code)
  return `${AT[ending.kind] ?? ending.kind}: ${meaningOf(ending).words}${code && ` ${code}`}`
}

/** What to do about it. */
export function endingTodo(ending: Ending): string {
  const { kind, reason, code } = ending
  // Other reasons have codes of TLS or HTTP.
  const ofMqtt = reason === 'connack' || reason === 'disconnect-packet'
  const accepted = kind === 'disconnected' ? TODO_AFTER_CONNACK[reason] : undefined
  return (ofMqtt && TODO_OF_CODE[code]) || accepted || meaningOf(ending).todo
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
function codeWords(reason: ClientEventReason, code: number): string {
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
