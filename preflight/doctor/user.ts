import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** authentication.k8s.io/v1 SelfSubjectReview, from Kubernetes 1.28 on. */
const SELF_REVIEW = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

/** The API server accepts the kubeconfig's credentials. */
export const user = defineCheck({
  id: 'user',
  title: 'user',
  code: 'WEIR_CLUSTER_FORBIDDEN',
  needs: ['kube', 'reachable'],
  async run({ kube }) {
    const { status, body } = await kube.raw('POST', SELF_REVIEW, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    })
    if (status === 401)
      return {
        lines: [
          missing(
            'the API server does not accept the credentials of this kubeconfig (401)',
            'renew them or select another context',
          ),
        ],
      }
    const { status: review } = (body ?? {}) as { status?: { userInfo?: { username?: string } } }
    const name = review?.userInfo?.username
    const says = name === undefined ? 'accepted; this server does not report the name' : `known as ${name}`
    return { lines: [ok(says)], learned: { admitted: true } }
  },
})
