import type { PlaneProgram } from './build/cache.ts'
import { API_PORT, FILES } from './files.ts'
import { NODE_IP, SERVICE_RANGE } from './network.ts'

/** Sockets of the file system, in a folder that only this user can enter: no pod reaches etcd. */
const ETCD = `unix://${FILES.etcdSocket}`
const PEER = `unix://${FILES.peerSocket}`

/**
 * Controllers that are left out: those that need a cloud or a real kubelet's heartbeats. The one Node is Ready for as long as weir runs, and
 * no scheduler reads its taints.
 */
const LEFT_OUT = [
  'node-ipam-controller',
  'node-lifecycle-controller',
  'taint-eviction-controller',
  'node-route-controller',
  'service-lb-controller',
  'cloud-node-lifecycle-controller',
  'ttl-controller',
  'bootstrap-signer-controller',
  'token-cleaner-controller',
]

/** The arguments of each program, with paths relative to the folder of its files. */
export const ARGUMENTS: Readonly<Record<PlaneProgram, readonly string[]>> = {
  etcd: [
    '--name=weir',
    `--data-dir=${FILES.etcdData}`,
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    `--listen-peer-urls=${PEER}`,
    `--initial-advertise-peer-urls=${PEER}`,
    `--initial-cluster=weir=${PEER}`,
    // The data ends with the cluster: nothing is gained by waiting for the disk.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ],
  'kube-apiserver': [
    `--etcd-servers=${ETCD}`,
    `--bind-address=${NODE_IP}`,
    `--advertise-address=${NODE_IP}`,
    `--secure-port=${API_PORT}`,
    `--tls-cert-file=${FILES.certificate}`,
    `--tls-private-key-file=${FILES.key}`,
    // It is the kubelet's certificate too.
    `--kubelet-certificate-authority=${FILES.certificate}`,
    `--kubelet-client-certificate=${FILES.certificate}`,
    `--kubelet-client-key=${FILES.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--token-auth-file=${FILES.tokens}`,
    '--authorization-mode=RBAC',
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${FILES.accountKey}`,
    `--service-account-signing-key-file=${FILES.accountKey}`,
    // It taints new Nodes until the node controller has seen a heartbeat, and there is none.
    '--disable-admission-plugins=TaintNodesByCondition',
    '--allow-privileged=true',
    '--profiling=false',
  ],
  'kube-controller-manager': [
    `--kubeconfig=${FILES.controllers}`,
    `--controllers=${['*', ...LEFT_OUT.map((name) => `-${name}`)].join(',')}`,
    `--service-account-private-key-file=${FILES.accountKey}`,
    `--root-ca-file=${FILES.certificate}`,
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    '--secure-port=0',
    '--profiling=false',
  ],
}
