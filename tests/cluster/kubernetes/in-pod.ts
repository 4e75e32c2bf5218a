/**
 * A process of its own for in-cluster.test.ts, in a mount namespace of its own: as in a pod whose kubelet renews the token. Prints what the
 * API server was asked with.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { selfSigned } from '#weir/testbed/tls/certificate.ts'

const AT = '/run/secrets/kubernetes.io/serviceaccount'
const HOST = '127.0.0.1'

let accepted = 'first'
const asked: string[] = []
const { key, certificate } = selfSigned(HOST)
const server = createServer({ key, cert: certificate }, ({ headers: { authorization = '' } }, res) => {
  asked.push(authorization)
  const isKnown = authorization === `Bearer ${accepted}`
  res.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
  res.end(JSON.stringify(isKnown ? { kind: 'List', metadata: {}, items: [] } : { kind: 'Status', code: 401 }))
})
await new Promise<void>((resolve) => server.listen(0, HOST, resolve))

execFileSync('mount', ['-t', 'tmpfs', 'none', '/run'])
mkdirSync(AT, { recursive: true })
const hold = (token: string) => writeFileSync(`${AT}/token`, token)
hold('first')
writeFileSync(`${AT}/namespace`, 'there')
writeFileSync(`${AT}/ca.crt`, certificate)

process.env.KUBERNETES_SERVICE_HOST = HOST
process.env.KUBERNETES_SERVICE_PORT = String((server.address() as AddressInfo).port)
const kube = createKubeApi({ kubeconfig: 'in-cluster' })
const list = () => kube.list(resources.pods, { namespace: kube.namespace })
await list()
hold('second')
accepted = 'second'
await list().catch(() => {
  // Refused once: then the file is read again.
})
await list()
console.log(JSON.stringify({ namespace: kube.namespace, asked }))
process.exit()
