import { lstat, readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { messageOf } from '#weir/errors/index.ts'
import { type Listening, listenAt } from '#weir/metrics/index.ts'
import { renderHtml } from '#weir/reports/index.ts'
import { judgeRecord } from '../judge-record.ts'
import { listRuns, runFolders } from './list-runs.ts'
import { PAGE_POLICY, runsPage } from './page.ts'

const REPORT = 'report.html'

/** A report may run its own script, and reach nothing: neither this server nor another. */
const REPORT_POLICY = "sandbox allow-scripts; frame-ancestors 'none'"

/** Serves the list of the runs in `folder`, and their reports. Throws WEIR_USAGE and WEIR_ADDRESS_IN_USE. */
export async function serveRuns(folder: string, at: { host: string; port: number }): Promise<Listening> {
  await runFolders(folder)
  const server = createServer((request, response) => {
    const answer = { status: 200, policy: PAGE_POLICY, body: '' }
    const send = () => {
      response
        .writeHead(answer.status, {
          'content-type': answer.status === 200 ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
          'content-security-policy': answer.policy,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        })
        .end(answer.body)
    }
    answering(folder, at.host, request, answer).then(send, (error) => {
      Object.assign(answer, { status: 500, body: `${messageOf(error)}\n` })
      send()
    })
  })
  return listenAt(server, at, '--port PORT')
}

type Answer = { status: number; policy: string; body: string }

async function answering(
  folder: string,
  host: string,
  { method, url = '/', headers }: Pick<ServerResponse['req'], 'method' | 'url' | 'headers'>,
  answer: Answer,
): Promise<void> {
  const refuse = (status: number, body: string) => void Object.assign(answer, { status, body })
  if (!isOwnName(headers.host, host)) return refuse(403, 'this server has another name\n')
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'only GET\n')
  const [path = '/'] = url.split('?')
  if (path === '/') {
    answer.body = runsPage(await listRuns(folder))
    return
  }
  const name = decoded(/^\/runs\/([^/]+)$/.exec(path)?.[1])
  // Only a folder that is in the list: no name leads out of it.
  const run = (await listRuns(folder)).find((one) => one.name === name)
  if (run === undefined) return refuse(404, 'there is no such run\n')
  if (run.state === 'under way' || run.state === 'broken')
    return refuse(404, `there is no report: ${run.words}\n`)
  answer.policy = REPORT_POLICY
  answer.body = await reportOf(join(folder, run.name))
}

/** A page elsewhere could give this address a name of its own, and read what it serves. */
function isOwnName(header: string | undefined, host: string): boolean {
  const name = (header ?? '').replace(/:\d+$/, '')
  return name === host || name === 'localhost' || /^(\d+(\.\d+){3}|\[[\da-f:.]+\])$/i.test(name)
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** The stored report, else one that is made now. A link in a record is not followed. */
async function reportOf(dir: string): Promise<string> {
  const path = join(dir, REPORT)
  const isStored = await lstat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  return isStored ? readFile(path, 'utf8') : renderHtml(await judgeRecord(dir))
}
