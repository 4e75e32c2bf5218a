/** The embedded cluster as a user's own: somebody else has started it, and made the resource. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { type Cluster, openCluster } from '#weir/cluster/index.ts'
import { unlessConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { startEmbedded } from '#weir/testbed/index.ts'
import type { EmbeddedOptions } from '#weir/testbed/types.ts'
import { projectFile } from '../../support/project-file.ts'

export interface OwnCluster {
  /** For records; removed with everything else. */
  dir: string
  kubeconfig: string
  admin: KubeApi
  name: string
  /** Of the process that the cluster runs in. */
  pid: number
  /** The kubeconfig of the ServiceAccount of deploy/rbac.yaml, with a fresh token; it installs what is not there yet. */
  asWeir(): Promise<string>
  /** Resolves when the resource says that it is settled, and its Service is there. */
  settled(): Promise<void>
  /** A merge patch of the resource's spec. */
  change(spec: object): Promise<unknown>
  /** The clients and sessions on all nodes whose id begins with the prefix. */
  clients(prefix: string): Promise<{ connected: string[]; detached: string[] }>
  /** EMQX nodes that are evacuated now, as the first pod that answers tells. */
  evacuated(): Promise<string[]>
  close(): Promise<void>
}

/** Starts a cluster with the resource of a scenario, with these settings. */
export async function startOwnCluster(
  { scenario, set, resource }: { scenario: string; set: string[]; resource: Resource },
  options: Pick<EmbeddedOptions, 'operator' | 'healthCheckWaitSeconds'> &
    Partial<Pick<EmbeddedOptions, 'faults' | 'secretSyncSeconds' | 'loadBalancer'>>,
): Promise<OwnCluster> {
  const dir = mkdtempSync(join(tmpdir(), 'weir-own-'))
  const testbed = await startEmbedded({
    pollIntervalSeconds: 1,
    faults: [],
    seed: 1,
    dir: join(dir, 'testbed'),
    ...options,
  })
  const { kubeconfig } = testbed
  const admin = createKubeApi({ kubeconfig })
  const manifest = loadScenario(scenario, { set }).cluster.manifest as unknown as KubeObject
  const { name } = manifest.metadata
  const weirKubeconfig = join(dir, 'weir.kubeconfig')
  await admin.create(resource, { ...manifest, metadata: { ...manifest.metadata, namespace: 'default' } })

  async function opened<T>(act: (cluster: Cluster, found: KubeObject) => Promise<T>): Promise<T> {
    const cluster = await openCluster({ kubeconfig, name })
    try {
      return await act(cluster, await cluster.resource())
    } finally {
      await cluster.close()
    }
  }

  return {
    dir,
    kubeconfig,
    admin,
    name,
    pid: testbed.pid,
    async asWeir() {
      await applyRbac(admin, manifest)
      const config = parse(readFileSync(kubeconfig, 'utf8'))
      // The admin's way in is the address itself; without its path there is only the token.
      config.clusters[0].cluster.server = new URL(config.clusters[0].cluster.server).origin
      config.users[0].user = { token: await tokenOfWeir(admin) }
      writeFileSync(weirKubeconfig, stringify(config), { mode: 0o600 })
      return weirKubeconfig
    },
    settled: () =>
      opened(async (cluster, found) => {
        const { listenersService, readStatus } = cluster.dialect
        const service = listenersService(found)
        const isThere = () => admin.get(resources.services, 'default', service).catch(() => undefined)
        while (!readStatus(await cluster.resource()).settled || !(await isThere()))
          await new Promise((resolve) => setTimeout(resolve, 200))
      }),
    change: (spec) => admin.patch(resource, 'default', name, 'merge', { spec }),
    clients: (prefix) =>
      opened(async (cluster, found) => {
        const { items } = await admin.list<KubeObject & { status?: { podIP?: string } }>(resources.pods, {
          namespace: 'default',
          labelSelector: `apps.emqx.io/instance=${name}`,
        })
        const listed = await Promise.all(
          items.map(({ metadata, status }) => {
            const node = cluster.dialect.nodeName(found, { metadata, status })
            if (!status?.podIP || node === undefined) return { connected: [], detached: [] }
            return cluster.emqx({ name: metadata.name, ip: status.podIP }).clients(node, prefix)
          }),
        )
        return {
          connected: listed.flatMap(({ connected }) => connected),
          detached: listed.flatMap(({ detached }) => detached),
        }
      }),
    evacuated: () =>
      opened(async (cluster) => {
        const { items } = await admin.list<KubeObject & { status?: { podIP?: string } }>(resources.pods, {
          namespace: 'default',
          labelSelector: `apps.emqx.io/instance=${name}`,
        })
        for (const { metadata, status } of items) {
          const ip = status?.podIP
          const emqx = ip === undefined ? undefined : cluster.emqx({ name: metadata.name, ip })
          const told = await emqx?.evacuations().catch(() => undefined)
          if (told) return told.map(({ node }) => node)
        }
        return []
      }),
    async close() {
      admin.close()
      await testbed.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Does what deploy/rbac.yaml says for this resource, as kubectl apply would. */
async function applyRbac(admin: KubeApi, { kind, metadata }: KubeObject): Promise<void> {
  const [written, secret] = kind === 'EMQX' ? ['emqx', 'bootstrap-api-key'] : ['emqx-ee', 'bootstrap-user']
  const file = readFileSync(projectFile('deploy/rbac.yaml'), 'utf8')
  const rules = file.replaceAll(`${written}-${secret}`, `${metadata.name}-${secret}`)
  for (const document of parseAllDocuments(rules)) await createOnce(admin, document.toJS() as KubeObject)
}

/** Creates an object of any kind whose plural is regular, unless it is there. */
export async function createOnce(admin: KubeApi, object: KubeObject): Promise<void> {
  const [group, version] = object.apiVersion!.includes('/') ? object.apiVersion!.split('/') : ['', 'v1']
  const plural = `${object.kind!.toLowerCase()}s`
  const namespaced = object.metadata.namespace !== undefined
  const resource = { group: group!, version: version!, plural, kind: object.kind!, namespaced }
  await unlessConflict(admin.create(resource, object))
}

async function tokenOfWeir(admin: KubeApi): Promise<string> {
  const { body } = await admin.raw('POST', '/api/v1/namespaces/default/serviceaccounts/weir/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: {},
    spec: { expirationSeconds: 3600 },
  })
  return (body as { status: { token: string } }).status.token
}
