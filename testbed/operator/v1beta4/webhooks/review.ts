import jsonPatch from 'fast-json-patch'
import type { LineSwitches } from '../../lines.ts'
import type { EmqxEnterprise } from '../types.ts'
import { withDefaults } from './mutate.ts'
import { refusal } from './validate.ts'

/** admission.k8s.io/v1, as much of it as is used here. */
export interface AdmissionReview {
  request?: { uid: string; operation: string; object: EmqxEnterprise; oldObject?: EmqxEnterprise | null }
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

export function validate({ request }: AdmissionReview) {
  if (request === undefined) throw new Error('the AdmissionReview has no request')
  const old = request.operation === 'UPDATE' ? (request.oldObject ?? undefined) : undefined
  const message = refusal(request.object, old)
  if (message === undefined) return answer(request.uid, { allowed: true })
  return answer(request.uid, { allowed: false, status: { code: 403, reason: message, message } })
}
