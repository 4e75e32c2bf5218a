import { isDeepStrictEqual } from 'node:util'
import type { LineSwitches } from '../../lines.ts'
import type { Rebalance } from '../../rebalance/types.ts'
import { refusal as refuseRebalance } from '../../rebalance/webhook.ts'
import type { EmqxEnterprise } from '../types.ts'
import { withDefaults } from './mutate.ts'

const OLDEST = [4, 4, 14]
const TOO_NEW = [5, 0, 0]

function refuseVersion(cr: EmqxEnterprise): string | undefined {
  const version = cr.spec.template.spec.emqxContainer.image?.version ?? ''
  if (version === 'latest') return 'image version can not be latest'
  const parts = parseVersion(version)
  if (parts === undefined) return `invalid image version: ${version}`
  const prerelease = version.includes('-')
  const same = (bound: number[]) => parts.every((part, index) => part === bound[index])
  if (isBefore(parts, OLDEST) || (prerelease && same(OLDEST)))
    return `image version ${version} is too old, please upgrade to 4.4.14 or later`
  if (!isBefore(parts, TOO_NEW) && !(prerelease && same(TOO_NEW)))
    return `image version ${version} is too new, please downgrade to 5.0.0 earlier`
  return undefined
}

function refuseConfig(cr: EmqxEnterprise, old: EmqxEnterprise): string | undefined {
  const config = cr.spec.template.spec.emqxContainer.emqxConfig ?? {}
  const before = old.spec.template.spec.emqxContainer.emqxConfig ?? {}
  const where = 'field in ".spec.template.spec.emqxContainer.emqxConfig"'
  if ('name' in config && config.name !== before.name) return `refuse to update the "name" ${where}`
  const cluster = Object.keys(before).some(
    (key) => key.startsWith('cluster') && key in config && config[key] !== before[key],
  )
  return cluster ? `refuse to update the "^cluster.*$" ${where}` : undefined
}

/** Why a resource may not be created, or changed from `old`, in the operator's own words; undefined when it may. */
export function refusal(cr: EmqxEnterprise, old?: EmqxEnterprise): string | undefined {
  const version = refuseVersion(cr)
  if (version !== undefined || old === undefined) return version
  if (!isDeepStrictEqual(cr.spec.persistent, old.spec.persistent)) return 'refuse to update Persistent '
  const config = refuseConfig(cr, old)
  if (config !== undefined) return config
  const keys = (one: EmqxEnterprise) => one.spec.template.spec.emqxContainer.bootstrapAPIKeys ?? []
  return isDeepStrictEqual(keys(cr), keys(old)) ? undefined : 'bootstrap APIKey cannot be updated'
}

/** A version as the webhook understands it: missing parts are zero, a leading v is allowed; undefined when it is none. */
function parseVersion(text: string): [number, number, number] | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text)
  if (match === null) return undefined
  return [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)]
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? 0
    if (part !== other) return part < other
  }
  return false
}

import jsonPatch from 'fast-json-patch'

/** admission.k8s.io/v1, as much of it as is used here. */
export interface AdmissionReview<T = EmqxEnterprise> {
  request?: { uid: string; operation: string; object: T; oldObject?: T | null }
}

const answer = (uid: string, response: Record<string, unknown>) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: { uid, ...response },
})

export function mutate({ request }: AdmissionReview, line: LineSwitches) {
  if (request === undefined) throw new Error('the AdmissionReview has no request')
  const patch = jsonPatch.compare(request.object, withDefaults(request.object, line))
  if (patch.length === 0) return answer(request.uid, { allowed: true })
  const encoded = Buffer.from(JSON.stringify(patch)).toString('base64')
  return answer(request.uid, { allowed: true, patchType: 'JSONPatch', patch: encoded })
}

export const validate = (review: AdmissionReview) => answerTo(review, refusal)
export const validateRebalance = (review: AdmissionReview<Rebalance>) => answerTo(review, refuseRebalance)

function answerTo<T>({ request }: AdmissionReview<T>, refusal: (object: T, old?: T) => string | undefined) {
  if (request === undefined) throw new Error('the AdmissionReview has no request')
  const old = request.operation === 'UPDATE' ? (request.oldObject ?? undefined) : undefined
  const message = refusal(request.object, old)
  if (message === undefined) return answer(request.uid, { allowed: true })
  return answer(request.uid, { allowed: false, status: { code: 403, reason: message, message } })
}
