import type { ClientEventKind, ClientEventReason } from '#weir/facts/index.ts'
import { codeWords } from './code-words.ts'

/** Whose doing it is that an attempt or a connection ended: this machine's, the way's between, or the broker's. */
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
  /** What a user may do about it. */
  todo: string
}

const UP = 'check that the broker is up'

/** One entry for each reason that is an end; the others ('', 'stopped', 'policy-exhausted') are nobody's failure. */
const MEANINGS: Readonly<Partial<Record<ClientEventReason, Meaning>>> = {
  'connection-refused': {
    whose: 'broker',
    words: 'connection refused',
    todo: 'check --hostname and --port, and that the broker is up',
  },
  connack: { whose: 'broker', words: 'CONNACK', todo: 'check the broker’s log for the reason' },
  'disconnect-packet': {
    whose: 'broker',
    words: 'DISCONNECT',
    todo: 'check the broker’s log for the reason',
  },
  closed: {
    whose: 'broker',
    words: 'it closed the connection',
    todo: 'check --protocol, --mqtt-version and the credentials, and the broker’s log',
  },
  reset: { whose: 'broker', words: 'it reset the connection', todo: `${UP}, and its limits` },
  'connect-timeout': {
    whose: 'broker',
    words: 'connect timed out',
    todo: `${UP} and that no firewall blocks it; its listen backlog may be full: try a lower --rate or --in-flight`,
  },
  'connack-timeout': {
    whose: 'broker',
    words: 'no CONNACK in time',
    todo: 'check that the port speaks MQTT and that the broker is not overloaded',
  },
  'keepalive-timeout': { whose: 'broker', words: 'no ping response in time', todo: UP },
  'protocol-error': {
    whose: 'broker',
    words: 'it sent invalid MQTT',
    todo: 'check --port, --protocol and --mqtt-version: something else may be listening there',
  },
  unreachable: {
    whose: 'network',
    words: 'network unreachable',
    todo: 'check the network, routes and firewalls between here and the broker',
  },
  'too-many-files': {
    whose: 'generator',
    words: 'open-file limit reached (EMFILE)',
    todo: 'raise the limit with "ulimit -n", or use --processes or fewer clients',
  },
  'address-unavailable': {
    whose: 'generator',
    words: 'no free local port or address (EADDRNOTAVAIL)',
    todo: 'connect from several addresses with --ifaddr, widen net.ipv4.ip_local_port_range, or use fewer clients',
  },
  'certificate-untrusted': {
    whose: 'broker',
    words: 'its certificate is not signed by a trusted authority',
    todo: 'set its authority with --ca, or accept any certificate with --insecure',
  },
  'certificate-expired': {
    whose: 'broker',
    words: 'its certificate has expired or is not valid yet',
    todo: 'renew it, or accept any certificate with --insecure',
  },
  'certificate-name': {
    whose: 'broker',
    words: 'its certificate is for another name',
    todo: 'connect by a name in the certificate, or set one with --servername',
  },
  'tls-refused': {
    whose: 'broker',
    words: 'no TLS handshake',
    todo: 'check --port, --cert and --key, and the broker’s log',
  },
  'ws-refused': {
    whose: 'broker',
    words: 'no WebSocket',
    todo: 'check --port, --path and --ws-headers',
  },
}

/** What a broker did that broke the protocol, by the code that it is told when its client leaves (MQTT 5 §4.13.1). */
const BREACHES: Readonly<Record<number, Pick<Meaning, 'words' | 'todo'>>> = {
  130: {
    words: 'it violated the protocol',
    todo: 'check --port and --mqtt-version, and the broker’s log',
  },
  147: {
    words: 'it sent more than the receive maximum allows',
    todo: 'report this to the broker’s developers, or use another --receive-maximum',
  },
  148: {
    words: 'it sent a topic alias that the client does not allow',
    todo: 'report this to the broker’s developers, or use another --topic-alias-maximum',
  },
  149: {
    words: 'it sent a packet larger than the client accepts',
    todo: 'check --port and --protocol: something else may be listening there; otherwise use a larger --maximum-packet-size',
  },
}

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
  142: 'use different client ids for each run with --client-id',
  156: 'follow its reference with --follow-server-reference',
  157: 'follow its reference with --follow-server-reference',
}

/** How the ends are headed in a summary. */
const AT: Readonly<Partial<Record<ClientEventKind, string>>> = {
  refused: 'refused',
  failed: 'failed',
  disconnected: 'lost',
}

function meaningOf({ kind, reason, code }: Ending): Meaning {
  const meaning = MEANINGS[reason] ?? { whose: 'network', words: reason, todo: UP }
  // Before a CONNACK, whatever it is: nothing there has shown yet that it speaks MQTT.
  return reason === 'protocol-error' && kind === 'disconnected' ? { ...meaning, ...BREACHES[code] } : meaning
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
  const { reason, code } = ending
  // Other reasons have codes of TLS or HTTP.
  const ofMqtt = reason === 'connack' || reason === 'disconnect-packet'
  return (ofMqtt && TODO_OF_CODE[code]) || meaningOf(ending).todo
}
