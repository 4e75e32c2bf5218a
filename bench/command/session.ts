import type { ProtocolVersion } from '#weir/facts/index.ts'
import type { ConnectProperties, GroupSpec } from '../types.ts'
import { FOUR_BYTES, onlyMqtt5, present, TWO_BYTES, userProperties, wholeNumber } from './check-flags.ts'
import type { SessionFlags } from './flags.ts'

/** What `-se` means where it is left out and `--no-clean` is given: for ever (MQTT 5 §3.1.2.11.2), as with MQTTX. */
const FOR_EVER_SECONDS = FOUR_BYTES

type SessionSpec = Pick<GroupSpec, 'persistent' | 'sessionExpirySeconds' | 'connect'>

/** What the CONNECT says of the session. `connectProperties` names the flag of its user properties. Throws WEIR_USAGE. */
export function sessionOf(
  flags: SessionFlags,
  protocol: ProtocolVersion,
  connectProperties: 'user-properties' | 'conn-user-properties',
): SessionSpec {
  onlyMqtt5(protocol, flags, [
    ...(['session-expiry-interval', 'receive-maximum', 'maximum-packet-size'] as const),
    ...(['topic-alias-maximum', 'req-response-info', 'req-problem-info', connectProperties] as const),
  ])
  const { clean = true, 'session-expiry-interval': expirySeconds } = flags
  wholeNumber('--session-expiry-interval', expirySeconds, 0, FOUR_BYTES)
  const connect = connectOf(flags, connectProperties)
  return {
    persistent: !clean,
    sessionExpirySeconds: expirySeconds ?? (clean || protocol === '3.1.1' ? 0 : FOR_EVER_SECONDS),
    ...(Object.keys(connect).length > 0 ? { connect } : {}),
  }
}

/** Zero is allowed for neither of the first two (§3.1.2.11.3, §3.1.2.11.4). */
function connectOf(
  flags: SessionFlags,
  connectProperties: 'user-properties' | 'conn-user-properties',
): ConnectProperties {
  wholeNumber('--receive-maximum', flags['receive-maximum'], 1, TWO_BYTES)
  wholeNumber('--maximum-packet-size', flags['maximum-packet-size'], 1, FOUR_BYTES)
  wholeNumber('--topic-alias-maximum', flags['topic-alias-maximum'], 0, TWO_BYTES)
  return present({
    receiveMaximum: flags['receive-maximum'],
    maximumPacketSize: flags['maximum-packet-size'],
    topicAliasMaximum: flags['topic-alias-maximum'],
    requestResponseInformation: flags['req-response-info'],
    requestProblemInformation: flags['req-problem-info'],
    userProperties: userProperties(`--${connectProperties}`, flags[connectProperties]),
  })
}
