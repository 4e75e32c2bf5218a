import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { invalid } from '../errors.ts'
import { invalidValue } from '../field-error.ts'
import { type JsonObject, listAt, numberAt, textAt } from '../json.ts'
import { ISSUER, type Tokens } from './tokens.ts'

const NAMED = { group: 'authentication.k8s.io', plural: 'tokenrequests', kind: 'TokenRequest' }
const DEFAULT_SECONDS = 3600
const LEAST_SECONDS = 600
const MOST_SECONDS = 2 ** 32

/**
 * POST serviceaccounts/<name>/token: a token for whoever is to act as the ServiceAccount, good for spec.expirationSeconds.
 * Throws a 422 (k8s.io/kubernetes, registry/core/serviceaccount/storage: TokenREST).
 */
export function requestToken(tokens: Tokens, account: KubeObject, body: unknown): JsonObject {
  const { namespace = '', name } = account.metadata
  for (const [field, own] of Object.entries({ name, namespace })) {
    const given = textAt(body, 'metadata', field)
    if (given && given !== own)
      throw invalid(NAMED, name, [
        invalidValue(`metadata.${field}`, given, `must match the service account ${field} if specified`),
      ])
  }
  const seconds = numberAt(body, 'spec', 'expirationSeconds') ?? DEFAULT_SECONDS
  const problem =
    seconds < LEAST_SECONDS
      ? 'may not specify a duration less than 10 minutes'
      : seconds > MOST_SECONDS
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined
  if (problem) throw invalid(NAMED, '', [invalidValue('spec.expirationSeconds', seconds, problem)])
  const asked = listAt<string>(body, 'spec', 'audiences')
  const audiences = asked.length > 0 ? asked : [ISSUER]
  const nowMs = Date.now()
  const expiresMs = nowMs + seconds * 1000
  return {
    kind: NAMED.kind,
    apiVersion: `${NAMED.group}/v1`,
    metadata: { name, namespace, uid: account.metadata.uid, creationTimestamp: timestamp(nowMs) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: null },
    status: {
      token: tokens.issue(account, audiences, expiresMs),
      expirationTimestamp: timestamp(expiresMs),
    },
  }
}
