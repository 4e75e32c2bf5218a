import { WeirError } from '#weir/errors/index.ts'
import { KubeApiError } from './kubernetes/types.ts'
import { serverName } from './server-name.ts'

const deepest = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  if (typeof code === 'string' && code.startsWith('E')) return code
  if (error instanceof AggregateError && error.errors.length > 0) return deepest(error.errors[0])
  return error.cause ? deepest(error.cause) : error.message.split('\n')[0]!
}

/**
 * What a failed call to the API server means to a user. `doing` completes "may not …" and "while trying to …".
 * An error that is already in the user's words is handed through.
 */
export function asClusterError(error: unknown, url: string, doing: string): WeirError {
  const server = serverName(url)
  if (error instanceof WeirError) return error
  if (error instanceof KubeApiError) {
    if (error.status === 401)
      return new WeirError(
        'WEIR_CLUSTER_FORBIDDEN',
        `the API server ${server} does not accept the credentials of this kubeconfig (401): renew them or choose another context`,
        { cause: error },
      )
    if (error.status === 403)
      return new WeirError(
        'WEIR_CLUSTER_FORBIDDEN',
        `the API server ${server} does not let this user ${doing} (403: ${error.message}): grant it or choose another context`,
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
    `the API server ${server} does not answer (${deepest(error)}): is the cluster up, and is this the right kubeconfig?`,
    { cause: error },
  )
}
