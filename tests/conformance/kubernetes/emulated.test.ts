/** The emulated API server and controllers behave as Kubernetes' own do: tests/conformance/kubernetes/real.ts runs the same cases on those. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { startApiServer } from '#weir/testbed/apiserver/index.ts'
import { startControllers } from '#weir/testbed/controllers/index.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { EMULATION_DIFFERS } from './differs.ts'
import { conformance } from './suite.ts'

const TOKEN = 'an-administrator'

conformance(async () => {
  const errors: unknown[] = []
  const api = await startApiServer({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    clusterIpPrefix: '127.3.9.',
    onError: (error) => errors.push(error),
  })
  const dir = mkdtempSync(join(tmpdir(), 'weir-conformance-'))
  const kubeconfig = join(dir, 'kubeconfig')
  writeFileSync(kubeconfig, api.kubeconfig)
  const kube = createKubeApi({ kubeconfig })
  const controllers = startControllers(kube, {
    faults: makeFaults([]),
    nodeName: 'nowhere',
    schedule: false,
    onError: (where, error) => errors.push(`${where}: ${error}`),
  })
  await controllers.ready
  return {
    url: api.url.replace('http:', 'https:'),
    certificate: api.certificate,
    token: TOKEN,
    kubeconfig,
    limitMs: 10_000,
    async close() {
      controllers.stop()
      kube.close()
      await api.close()
      rmSync(dir, { recursive: true })
      assert.equal(errors, [])
    },
  }
}, EMULATION_DIFFERS)

test.run()
