import { missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** authentication.k8s.io/v1 SelfSubjectReview, which servers have from Kubernetes 1.28 on: who am I? */
const WHO_AM_I = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

/** The kubeconfig's credentials are accepted. What they may do is another question. */
export const user = defineCheck({
  id: 'user',
  title: 'user',
  code: 'WEIR_CLUSTER_FORBIDDEN',
  needs: ['kube', 'reachable'],
  async look({ kube }) {
    const { status, body } = await kube.raw('POST', WHO_AM_I, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    })
    if (status === 401)
      return {
        lines: [
          missing(
            'the API server does not accept the credentials of this kubeconfig (401)',
            'renew them or choose another context',
          ),
        ],
      }
    const { status: told } = (body ?? {}) as { status?: { userInfo?: { username?: string } } }
    const name = told?.userInfo?.username
    const says = name === undefined ? 'accepted; this server does not tell its name' : `known as ${name}`
    return { lines: [ok(says)], learned: { admitted: true } }
  },
})
