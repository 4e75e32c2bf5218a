import { WeirError } from '#weir/errors/index.ts'
import { KubeApiError } from './kubernetes/types.ts'

const deepest = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EPROXY') return `the proxy of the kubeconfig: ${error.message.split('\n')[0]}`
  if (typeof code === 'string' && code.startsWith('E')) return code
  if (error instanceof AggregateError && error.errors.length > 0) return deepest(error.errors[0])
  return error.cause ? deepest(error.cause) : error.message.split('\n')[0]!
}

/**
 * Turns a failed request to the API server into an error for the user. `doing` completes "does not allow this user to …" and "while weir
 * tried to …". A WeirError is returned unchanged.
 */
export function asClusterError(error: unknown, url: string, doing: string): WeirError {
  const server = serverName(url)
  if (error instanceof WeirError) return error
  if (error instanceof KubeApiError) {
    if (error.status === 401)
      return new WeirError(
        'WEIR_CLUSTER_FORBIDDEN',
        `the API server ${server} does not accept the credentials of this kubeconfig (401): renew them or select another context`,
        { cause: error },
      )
    if (error.status === 403)
      return new WeirError(
        'WEIR_CLUSTER_FORBIDDEN',
        `the API server ${server} does not allow this user to ${doing} (403: ${error.message}): grant it or select another context`,
        { cause: error },
      )
    return new WeirError(
      'WEIR_CLUSTER_UNFIT',
      `the API server ${server} answered ${error.status} ${error.reason} while weir tried to ${doing}: ${error.message}`,
      { cause: error },
    )
  }
  return new WeirError(
    'WEIR_CLUSTER_UNREACHABLE',
    `the API server ${server} does not answer (${deepest(error)}) while weir tried to ${doing}: check that the cluster is up and the kubeconfig is right`,
    { cause: error },
  )
}

/** The same for what an operation writes: the API server refuses the operation to a user who may not (403), which is no unfit environment. */
export function asRefusedWrite(error: unknown, url: string, doing: string): WeirError {
  const failure = asClusterError(error, url, doing)
  return error instanceof KubeApiError && error.status === 403
    ? new WeirError('WEIR_REFUSED', failure.message, { cause: error })
    : failure
}

/** An API server's address for display and records, without path and credentials, which may contain secrets. */
export function serverName(server: string): string {
  return URL.canParse(server) ? new URL(server).origin : server
}

/** Nothing answered: the error is the network's, or a time limit's. */
export const isNoAnswer = (error: unknown): boolean =>
  error instanceof Error &&
  (/^E[A-Z]+$/.test(`${(error as NodeJS.ErrnoException).code}`) || error.name === 'TimeoutError')

/** A question without an answer says nothing of what was asked: it is the network's fault. Throws WEIR_CLUSTER_UNREACHABLE then. */
export function throwIfNoAnswer(error: unknown, url: string, doing: string): void {
  if (isNoAnswer(error)) throw asClusterError(error, url, doing)
}
