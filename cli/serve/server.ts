import { lstat, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { messageOf } from '#weir/errors/index.ts'
import { type Listening, listenAt } from '#weir/metrics/index.ts'
import { LIVE_POLICY, livePage, renderHtml } from '#weir/reports/index.ts'
import { judgeRecord } from '../judge-record.ts'
import { RunEvents } from './events.ts'
import { listedRun, listRuns, runFolders } from './list-runs.ts'
import { PAGE_POLICY, runsPage } from './page.ts'

const REPORT = 'report.html'

/** A report may run its own script, and reach nothing: neither this server nor another. */
const REPORT_POLICY = "sandbox allow-scripts; frame-ancestors 'none'"

/** Serves the list of the runs in `folder`, and their reports. Throws WEIR_USAGE and WEIR_ADDRESS_IN_USE. */
export async function serveRuns(folder: string, at: { host: string; port: number }): Promise<Listening> {
  await runFolders(folder)
  const events = new RunEvents(folder)
  const server = createServer((request, response) => {
    answerTo(folder, at.host, request, events)
      .catch((error) => refusal(500, messageOf(error)))
      .then((answer) => {
        if ('follow' in answer) return events.send(answer.follow, response)
        const { status, type, policy, body } = answer
        response
          .writeHead(status, {
            'content-type': `${type}; charset=utf-8`,
            'content-security-policy': policy,
            'x-content-type-options': 'nosniff',
            'cache-control': 'no-store',
          })
          .end(body)
      })
  })
  return listenAt(server, at, '--port PORT')
}

interface Answer {
  status: number
  type: 'text/html' | 'text/plain'
  policy: string
  body: string
}

const page = (body: string, policy: string): Answer => ({ status: 200, type: 'text/html', policy, body })

const refusal = (status: number, why: string): Answer => ({
  ...{ status, type: 'text/plain', policy: PAGE_POLICY },
  body: `${why}\n`,
})

async function answerTo(
  folder: string,
  host: string,
  { method, url = '/', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  events: RunEvents,
): Promise<Answer | { follow: string }> {
  if (!isOwnName(headers.host, host)) return refusal(403, 'this server has another name')
  if (method !== 'GET' && method !== 'HEAD') return refusal(405, 'only GET')
  const [path = '/'] = url.split('?')
  if (path === '/') return page(runsPage(await listRuns(folder)), PAGE_POLICY)
  const [, part, more] = /^\/runs\/([^/]+)(\/events)?$/.exec(path) ?? []
  const name = decoded(part)
  // Only a folder that is in the list: no name leads out of it.
  if (name === undefined || !(await runFolders(folder)).includes(name))
    return refusal(404, 'there is no such run')
  if (more !== undefined) {
    if (method !== 'GET') return refusal(405, 'only GET')
    return events.isFull ? refusal(503, 'too many pages follow runs: close some') : { follow: name }
  }
  const { state, words } = await listedRun(folder, name)
  if (state === 'broken') return refusal(404, `there is no report: ${words}`)
  if (state === 'under way' || state === 'ended') return page(livePage(name), LIVE_POLICY)
  return page(await reportOf(join(folder, name)), REPORT_POLICY)
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
