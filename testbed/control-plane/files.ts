import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { selfSigned } from '../tls/certificate.ts'
import { API_SERVICE_IP, NODE_IP } from './network.ts'

export const API_PORT = 6443
export const API_URL = `https://${NODE_IP}:${API_PORT}`

/** What etcd, API server and controllers read and keep, and nobody else may. */
export interface PlaneFiles {
  dir: string
  certificate: string
  key: string
  /** The token of weir and its parts, who may do everything. */
  token: string
}

/** Names within the folder, in which the programs are started. */
export const FILES = {
  certificate: 'apiserver.crt',
  key: 'apiserver.key',
  accountKey: 'service-accounts.key',
  tokens: 'tokens.csv',
  controllers: 'controllers.kubeconfig',
  etcdData: 'etcd',
  // etcd takes no URL without a port: it becomes part of the name.
  etcdSocket: 'etcd.sock:0',
  peerSocket: 'peer.sock:0',
} as const

const secret = () => randomBytes(24).toString('base64url')

/** Makes new keys, certificate and tokens in an empty folder. */
export function writePlaneFiles(dir: string): PlaneFiles {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const names = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ]
  const { key, certificate } = selfSigned(NODE_IP, API_SERVICE_IP, ...names)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [token, controllerToken] = [secret(), secret()]
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text, { mode: 0o600 })
  write(FILES.certificate, certificate)
  write(FILES.key, key)
  write(FILES.accountKey, privateKey.export({ type: 'sec1', format: 'pem' }).toString())
  write(FILES.tokens, tokenLines(token, controllerToken))
  write(FILES.controllers, stringify(controllerKubeconfig(certificate, controllerToken)))
  return { dir, certificate, key, token }
}

/** Kubernetes' static token file: token, user, uid and groups. */
const tokenLines = (admin: string, controllers: string): string =>
  [
    `${admin},weir-admin,weir-admin,"system:masters"`,
    `${controllers},system:kube-controller-manager,system:kube-controller-manager`,
    '',
  ].join('\n')

const controllerKubeconfig = (certificate: string, token: string) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'weir',
  clusters: [
    {
      name: 'weir',
      cluster: {
        server: API_URL,
        'certificate-authority-data': Buffer.from(certificate).toString('base64'),
      },
    },
  ],
  users: [{ name: 'controllers', user: { token } }],
  contexts: [{ name: 'weir', context: { cluster: 'weir', user: 'controllers' } }],
})
