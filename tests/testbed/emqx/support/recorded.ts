import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { projectFile } from '../../../support/project-file.ts'

/**
 * One request to a real EMQX 5.8.9 and its answer, as the files of tests/fixtures/emqx-5.8.9 hold them: as recorded, but
 * for the token of the login.
 */
export interface Recorded {
  method: string
  url: URL
  requestHeaders: Map<string, string>
  requestBody: string | undefined
  status: number
  headers: Map<string, string>
  body: string
}

const FOLDER = projectFile('tests/fixtures/emqx-5.8.9/')

export function fixtureText(file: string): string {
  const bytes = readFileSync(new URL(file, FOLDER))
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

/** `name` is the file's without ".http.txt"; long ones are kept compressed. */
export function recorded(name: string): Recorded {
  const isLong = /^prom-stats-(?!json)/.test(name)
  return parseRecorded(fixtureText(`${name}.http.txt${isLong ? '.gz' : ''}`))
}

export function parseRecorded(text: string): Recorded {
  const [request = '', rest = ''] = text.split(/^--- response after .*\n/m)
  const [head = '', ...sent] = request.split('\n\n')
  const asked = /^(\S+) (\S+)\n?([\s\S]*)$/.exec(head)
  const answered = /^HTTP\/1\.1 (\d+) [^\n]*\n([\s\S]*?)\n\n([\s\S]*)$/.exec(rest)
  if (asked === null || answered === null) throw new Error(`not a recorded request: ${text.slice(0, 80)}`)
  const body = sent.join('\n\n').trim()
  return {
    method: asked[1]!,
    url: new URL(asked[2]!),
    requestHeaders: headers(asked[3]!),
    requestBody: body === '' ? undefined : body,
    status: Number(answered[1]),
    headers: headers(answered[2]!),
    // The recorder ended every file with a line feed of its own.
    body: answered[3]!.replace(/\n$/, ''),
  }
}

function headers(block: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of block.split('\n')) {
    const colon = line.indexOf(': ')
    if (colon > 0) found.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 2))
  }
  return found
}
