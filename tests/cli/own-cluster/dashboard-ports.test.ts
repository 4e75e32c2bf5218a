/** EMQX's HTTP API at other ports than its own, and by TLS: `weir doctor` finds it by the pods' own words. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { weir } from '../weir.ts'
import { type OwnCluster, startOwnCluster } from './own-cluster.ts'

const SPEC = 'cluster.manifest.spec'

async function onCluster(
  { scenario, set, resource }: Parameters<typeof startOwnCluster>[0],
  act: (cluster: OwnCluster) => Promise<void>,
) {
  const cluster = await startOwnCluster(
    { scenario, set, resource },
    { operator: '2.2.29', healthCheckWaitSeconds: 1 },
  )
  try {
    await cluster.settled()
    await act(cluster)
  } finally {
    await cluster.close()
  }
}

async function doctor({ kubeconfig }: OwnCluster, args: string[] = []) {
  const command = ['doctor', '--kubeconfig', kubeconfig, '--clients', '10', '--json', ...args]
  const { stdout } = await weir(command, {})
  const { checks } = JSON.parse(stdout) as {
    checks: { check: string; state: string; says: string; todo?: string }[]
  }
  return (id: string) => checks.find(({ check }) => check === id)!
}

/** The certificate that a pod shows, in PEM. */
async function certificateAt(host: string, port: number): Promise<string> {
  const socket = connect({ host, port, rejectUnauthorized: false })
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  const der = socket.getPeerCertificate().raw.toString('base64')
  socket.destroy()
  return `-----BEGIN CERTIFICATE-----\n${der.replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`
}

test('EMQX 5 with another port for its dashboard', () =>
  onCluster(
    {
      scenario: 'blue-green-v5',
      set: [
        `${SPEC}.config.data=dashboard.listeners.http.bind = 18090`,
        `${SPEC}.coreTemplate.spec.replicas=1`,
      ],
      resource: resources.emqxes,
    },
    async (cluster) => {
      const line = await doctor(cluster)
      assert.equal([line('pods').state, line('emqx-api').state], ['ok', 'ok'], JSON.stringify(line('pods')))
      assert.match(line('metrics').says, /GET :18090\/api\/v5\/prometheus\/stats/)
    },
  ))

test('EMQX 5 with HTTPS alone: with its authority, with any, and with neither', () =>
  onCluster(
    {
      scenario: 'blue-green-v5',
      set: [
        `${SPEC}.config.data=dashboard.listeners { http.bind = 0, https.bind = 18094 }`,
        `${SPEC}.coreTemplate.spec.replicas=1`,
        `${SPEC}.coreTemplate.spec.readinessProbe={ httpGet: { path: /status, port: dashboard-https, scheme: HTTPS }, periodSeconds: 1 }`,
        `${SPEC}.coreTemplate.spec.livenessProbe={ httpGet: { path: /status, port: dashboard-https, scheme: HTTPS }, initialDelaySeconds: 60 }`,
      ],
      resource: resources.emqxes,
    },
    async (cluster) => {
      const without = await doctor(cluster)
      assert.match(
        `${without('pods').says}: ${without('pods').todo}`,
        /^no pod can be reached: GET https:\/\/\S+:18094\/status: its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\): name the file of its authority with --emqx-ca, or accept any with --emqx-insecure$/,
      )
      const { items } = await cluster.admin.list<KubeObject & { status?: { podIP?: string } }>(
        resources.pods,
        {
          namespace: 'default',
          labelSelector: 'apps.emqx.io/instance=emqx',
        },
      )
      const ca = join(cluster.dir, 'emqx-ca.pem')
      writeFileSync(ca, await certificateAt(items[0]!.status!.podIP!, 18094))
      for (const args of [['--emqx-ca', ca], ['--emqx-insecure']]) {
        const line = await doctor(cluster, args)
        assert.equal([line('pods').state, line('emqx-api').state], ['ok', 'ok'], JSON.stringify(line('pods')))
        assert.match(line('metrics').says, /GET https:\/\/:18094\//)
      }
    },
  ))

test('EMQX 4.4 with another port for its dashboard: a user of it comes in there', () =>
  onCluster(
    {
      scenario: 'blue-green',
      set: [
        `${SPEC}.template.spec.emqxContainer.emqxConfig={ dashboard.listener.http: "18090" }`,
        `${SPEC}.replicas=1`,
      ],
      resource: resources.emqxEnterprises,
    },
    async (cluster) => {
      const env = { WEIR_EMQX_USER: 'admin', WEIR_EMQX_PASSWORD: 'public' }
      const { stdout } = await weir(
        ['doctor', '--kubeconfig', cluster.kubeconfig, '--clients', '10', '--json'],
        { env },
      )
      const { checks } = JSON.parse(stdout) as { checks: { check: string; state: string; says: string }[] }
      const line = (id: string) => checks.find(({ check }) => check === id)!
      assert.equal([line('pods').state, line('emqx-api').state], ['ok', 'ok'], stdout)
      assert.match(line('metrics').says, /GET :18090\/api\/v4\//)
    },
  ))

test.run()
