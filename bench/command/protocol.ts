import { usageError } from '#weir/errors/index.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'

const VERSIONS: Readonly<Record<string, ProtocolVersion>> = { '5': '5', '5.0': '5', '3.1.1': '3.1.1' }

/** The protocol that `-V` names. MQTT 3.1 (2010, before OASIS) is refused: no engine speaks it. Throws WEIR_USAGE. */
export function protocolOf(version: string | undefined): ProtocolVersion {
  const protocol = VERSIONS[version ?? '5']
  if (protocol) return protocol
  const reason = version === '3.1' ? 'MQTT 3.1 is not supported' : 'unknown version'
  throw usageError(`--mqtt-version is ${version}: ${reason}, use 3.1.1 or 5`)
}

/** Refuses by name what only MQTT 5 has, where 3.1.1 is spoken: it would be accepted and do nothing. Throws WEIR_USAGE. */
export function onlyMqtt5<Flags extends object>(
  protocol: ProtocolVersion,
  flags: Flags,
  names: readonly (keyof Flags & string)[],
): void {
  if (protocol === '5') return
  const given = names.find((name) => flags[name] !== undefined)
  if (given) throw usageError(`--${given} needs MQTT 5: remove it or use -V 5`)
}
