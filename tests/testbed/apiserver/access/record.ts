/**
 * Writes the fixture of recorded.test.ts from a real API server:
 *   node tests/testbed/apiserver/access/record.ts <https://server> <address that the server lets its proxy use>
 * with the tokens of an administrator (group system:masters) and of a user "alice" of group "devs" in WEIR_ADMIN_TOKEN and
 * WEIR_ALICE_TOKEN. The server must be new: RBAC authorization, no anonymous requests, the ServiceAccount admission
 * plugin off. Loopback addresses it refuses to proxy to, so the pod's server needs another one of this machine.
 */
import { writeFileSync } from 'node:fs'
import { projectFile } from '../../../support/project-file.ts'
import { exchanges } from './exchanges.ts'
import { startPodServer } from './pod-server.ts'
import { sendAll } from './send.ts'

const [url, host] = process.argv.slice(2)
const { WEIR_ADMIN_TOKEN: admin, WEIR_ALICE_TOKEN: alice } = process.env
if (!url || !host || !admin || !alice) throw new Error('usage: see the comment of this file')
const { server, port } = await startPodServer(host)
const answers = await sendAll({ url, tokens: { admin, alice }, pod: { host, port } }, exchanges)
const file = projectFile('tests/fixtures/kubernetes/access-1.34.4.json')
writeFileSync(file, `${JSON.stringify(answers, null, 1)}\n`)
server.close()
