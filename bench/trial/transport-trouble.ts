import { endingTodo } from '../command/endings.ts'
import { type Misfit, misfitOf } from '../command/wrong-transport.ts'
import type { ClientAccess, ProbeResult, Target } from '../types.ts'
import { whatSpeaks } from './speaks.ts'

/**
 * Why one client did not get through, where its transport is the cause: the port speaks another, or its handshake failed. Undefined where
 * it is not, or that is not known. Opens a few connections, for at most a second.
 */
export async function transportTrouble(
  target: Target,
  { transport }: ClientAccess,
  { failure, error = '' }: Pick<ProbeResult, 'failure' | 'error'>,
): Promise<Misfit | undefined> {
  const { protocol = 'mqtt', proxyProtocol } = transport ?? {}
  const spoken = await whatSpeaks(target)
  const misfit = spoken && misfitOf(protocol, proxyProtocol !== undefined, spoken, target)
  if (misfit) return misfit
  if (!failure || !/^(certificate|tls|ws)-/.test(failure.reason)) return undefined
  return { says: error, todo: endingTodo({ kind: 'failed', count: 1, ...failure }) }
}
