/**
 * The cases of tests/conformance/kubernetes on Kubernetes' own API server and controllers, which are built when they are not there. Needs
 * what the testbed control-plane needs.
 *
 * usage: node dist/tests/conformance/kubernetes/real.js [PART OF A TITLE]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import { parse } from 'yaml'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { startControlPlane } from '#weir/testbed/control-plane/plane.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { buildPrograms, enterNamespace } from '#weir/testbed/index.ts'
import { conformance } from './suite.ts'

await buildPrograms((line) => console.log(line))
enterNamespace()

conformance(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-conformance-'))
  const clients: KubeApi[] = []
  const startedMs = performance.now()
  const plane = await startControlPlane({
    nodeName: 'nowhere',
    dir,
    faults: makeFaults([]),
    log: (line) => console.log(line),
    client(kubeconfig) {
      const kube = createKubeApi({ kubeconfig })
      clients.push(kube)
      return kube
    },
  })
  console.log(`ready after ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  const { users } = parse(readFileSync(plane.kubeconfig, 'utf8'))
  return {
    url: `https://${plane.apiServer.host}:${plane.apiServer.port}`,
    certificate: plane.apiServer.certificate,
    token: users[0].user.token,
    kubeconfig: plane.kubeconfig,
    limitMs: 60_000,
    async close() {
      for (const kube of clients) kube.close()
      await plane.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
})

test.run()
