import type { ClientEventReason } from '#weir/facts/index.ts'
import { type Spoken, whatSpeaks } from '../trial/speaks.ts'
import type { FleetSpec, Target, TransportProtocol } from '../types.ts'
import type { Tally } from './tally.ts'

/** How attempts end on a port that speaks something else. */
const MAYBE: readonly ClientEventReason[] = [
  ...(['closed', 'reset', 'connack-timeout', 'connect-timeout', 'protocol-error'] as const),
  ...(['tls-refused', 'ws-refused'] as const),
]

/**
 * What a broker's port speaks, in one sentence with advice, for a fleet of which no client was accepted; undefined where that is not the
 * cause, or not known. Opens a few connections, for at most a second.
 */
export async function wrongTransport(
  { targets, transport }: FleetSpec,
  tally: Tally,
): Promise<string | undefined> {
  const [worst] = tally.endings
  if (tally.everConnected > 0 || !worst || worst.kind !== 'failed' || !MAYBE.includes(worst.reason))
    return undefined
  const [target] = targets
  const spoken = await whatSpeaks(target!)
  return (
    spoken &&
    adviceFor(transport?.protocol ?? 'mqtt', transport?.proxyProtocol !== undefined, spoken, target!)
  )
}

const isSecure = (protocol: string): boolean => ['mqtts', 'wss', 'tls'].includes(protocol)
const isWeb = (protocol: string): boolean => ['ws', 'wss'].includes(protocol)

/** What a port speaks that a client does not, and what to do. */
export interface Misfit {
  says: string
  todo: string
}

/** The sentence for a fleet that used `used` on a port that speaks `spoken`; undefined where they fit. */
export function adviceFor(...asked: Parameters<typeof misfitOf>): string | undefined {
  const misfit = misfitOf(...asked)
  return misfit && `${misfit.says}: ${misfit.todo}`
}

/** The same in its parts. */
export function misfitOf(
  used: TransportProtocol,
  proxied: boolean,
  spoken: Spoken,
  { host, port }: Target,
): Misfit | undefined {
  const where = `port ${port} of ${host}`
  if (spoken === 'proxied')
    return proxied
      ? undefined
      : { says: `${where} expects the header of a proxy`, todo: 'use --proxy-protocol v1 or v2' }
  if (isSecure(spoken) && !isSecure(used)) {
    const instead = spoken === 'tls' ? (isWeb(used) ? 'wss' : 'mqtts') : spoken
    return { says: `${where} speaks TLS, and -l ${used} is not encrypted`, todo: `use -l ${instead}` }
  }
  if (!isSecure(spoken) && isSecure(used))
    return { says: `${where} does not speak TLS, and -l ${used} is encrypted`, todo: `use -l ${spoken}` }
  if (spoken !== 'tls' && isWeb(spoken) !== isWeb(used)) {
    const [it, not] = isWeb(spoken) ? ['HTTP (WebSocket)', 'plain MQTT'] : ['plain MQTT', 'HTTP (WebSocket)']
    return { says: `${where} speaks ${it}, not ${not}`, todo: `use -l ${spoken} or another port` }
  }
  return proxied
    ? { says: `${where} expects no header of a proxy`, todo: 'leave out --proxy-protocol' }
    : undefined
}
