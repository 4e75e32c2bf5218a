/** A log that is followed over breaks, restarts and the end of its pod: no line twice, and none missing without a word. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type KubeApi, KubeApiError } from '#weir/cluster/kubernetes/types.ts'
import { followLog } from '#weir/cluster/logs/follow-log.ts'

const TARGET = { namespace: 'default', pod: 'p', container: 'emqx' }
const at = (second: number, nanos = 0) =>
  `2026-01-01T00:00:${String(second).padStart(2, '0')}.${String(nanos).padStart(9, '0')}Z`
const line = (second: number, text: string, nanos = 0) => `${at(second, nanos)} ${text}\n`

/** What one request is answered with: bytes, then a clean end or a break; or a refusal. */
type Answer = { text: string; breaks?: string; restarts?: number } | KubeApiError

const cut = (text: string): Answer => ({ text, breaks: 'read ECONNRESET' })
const gone = new KubeApiError(404, 'NotFound', 'pods "p" not found')

/** Plays a list of answers, in order, and returns what the follower told. */
async function follow(answers: readonly Answer[], { since }: { since?: Date } = {}) {
  const told: string[] = []
  const asked: string[] = []
  const stop = new AbortController()
  let restarts = 0
  let isGone = false
  const left = [...answers]
  const kube: Pick<KubeApi, 'stream'> = {
    async stream(path) {
      const query = new URL(path, 'http://k').searchParams
      asked.push(
        [
          query.get('sinceTime')?.slice(17, 19) ?? 'all',
          ...(query.has('previous') ? ['previous'] : []),
          ...(query.has('follow') ? ['follow'] : []),
        ].join(' '),
      )
      const answer = left.shift() ?? gone
      if (answer instanceof KubeApiError) throw answer
      return (async function* () {
        // In two parts, so that lines are cut anywhere.
        const bytes = Buffer.from(answer.text)
        yield bytes.subarray(0, 7)
        yield bytes.subarray(7)
        restarts += answer.restarts ?? 0
        if (answer.breaks !== undefined) throw new Error(answer.breaks)
      })()
    },
  }
  await followLog(
    kube,
    TARGET,
    {
      onLine: ({ text, cutBytes }) => told.push(cutBytes ? `${text.length} and ${cutBytes}` : text),
      onStart: () => told.push('[start]'),
      onEnd: () => told.push('[end]'),
      onGap: (why) => told.push(`[gap: ${why}]`),
      onRefused: ({ status }) => told.push(`[refused ${status}]`),
      restarts: () => restarts,
      isGone: () => isGone,
    },
    { since, signal: stop.signal },
  )
  isGone = true
  return { told, asked }
}

test('a log is read from its beginning to the end of its pod', async () => {
  const { told, asked } = await follow([{ text: line(1, 'a') + line(2, 'b') }])
  assert.equal(told, ['[start]', 'a', 'b', '[end]'])
  assert.equal(asked, ['all follow', '02 follow'])
})

test('the first request asks from a time on, where there is one', async () => {
  const { asked } = await follow([{ text: '' }], { since: new Date('2026-01-01T00:00:42Z') })
  assert.equal(asked, ['42 follow', '42 follow'])
})

test('after a break nothing comes twice, also of lines with one and the same time', async () => {
  const known = line(3, 'b') + line(3, 'c', 5) + line(3, 'c', 5)
  const { told, asked } = await follow([
    cut(`${line(1, 'a')}${known}${at(3, 6)} half a li`),
    cut(known + line(3, 'half a line', 6) + line(3, 'c', 7)),
    { text: known + line(3, 'half a line', 6) + line(3, 'c', 7) + line(4, 'd') },
  ])
  assert.equal(told, ['[start]', 'a', 'b', 'c', 'c', 'half a line', 'c', 'd', '[end]'])
  assert.equal(asked.slice(1, 3), ['03 follow', '03 follow'])
})

test('a pod that goes while the connection is broken leaves a gap', async () => {
  const { told } = await follow([cut(line(1, 'a'))])
  assert.equal(told, ['[start]', 'a', '[gap: the pod is gone, and before that: read ECONNRESET]'])
})

test('a log that was rotated meanwhile leaves a gap', async () => {
  const { told } = await follow([cut(line(1, 'a') + line(1, 'b', 1)), { text: line(9, 'z') }])
  assert.equal(told.length, 6)
  assert.match(told[3]!, /^\[gap: the log does not go on where it was left/)
  assert.equal(told.slice(4), ['z', '[end]'])
})

test('a container that restarts goes on with the log of its next run, and there is no gap', async () => {
  const { told } = await follow([{ text: line(1, 'a'), restarts: 1 }, { text: line(5, 'again') }])
  assert.equal(told, ['[start]', 'a', 'again', '[end]'])
})

test('of a container that restarts behind a broken connection the end of the run before comes first', async () => {
  const { told, asked } = await follow([
    { ...cut(line(1, 'a')), restarts: 1 } as Answer,
    { text: line(1, 'a') + line(2, 'last words') },
    { text: line(5, 'again') },
  ])
  assert.equal(told, ['[start]', 'a', 'last words', 'again', '[end]'])
  assert.equal(asked[1], '01 previous')
})

test('several restarts behind one break leave a gap', async () => {
  const { told } = await follow([
    { ...cut(line(1, 'a')), restarts: 3 } as Answer,
    { text: line(1, 'a') },
    { text: line(5, 'again') },
  ])
  assert.equal(told, ['[start]', 'a', '[gap: the container restarted 3 times meanwhile]', 'again', '[end]'])
})

test('a container that has not started is awaited; one that may not be read is not', async () => {
  const waiting = new KubeApiError(400, 'BadRequest', 'container "emqx" in pod "p" is waiting to start: X')
  assert.equal((await follow([waiting, waiting, { text: line(1, 'a') }])).told, ['[start]', 'a', '[end]'])
  assert.equal((await follow([new KubeApiError(403, 'Forbidden', 'no')])).told, ['[refused 403]'])
  const invalid = new KubeApiError(400, 'BadRequest', 'container emqx is not valid for pod p')
  assert.equal(
    (await follow([invalid])).told,
    ['[gap: the log cannot be read: container emqx is not valid for pod p]'],
    'of this pod alone',
  )
  assert.equal((await follow([gone])).told, [], 'a pod that never had a log')
})

test('a log that could never be read, or not again, is a gap when it is over', async () => {
  assert.equal((await follow([cut('')])).told.slice(1), [
    '[gap: the pod is gone, and before that: read ECONNRESET]',
  ])
  const stop = new AbortController()
  const told: string[] = []
  const kube = { stream: () => Promise.reject(new Error('connect ECONNREFUSED')) }
  setTimeout(() => stop.abort(), 20)
  const nothing = () => {}
  await followLog(
    kube,
    TARGET,
    {
      ...{ onLine: nothing, onStart: nothing, onEnd: nothing, onRefused: nothing },
      ...{ onGap: (why: string) => void told.push(why), restarts: () => 0, isGone: () => false },
    },
    { signal: stop.signal },
  )
  assert.equal(told, ['it could not be read again: connect ECONNREFUSED'])
})

test('a clock that is set back makes a break a gap', async () => {
  const { told } = await follow([cut(line(9, 'a') + line(2, 'b')), { text: line(9, 'a') }])
  assert.equal(told.slice(0, 4), [...['[start]', 'a', 'b', "[gap: the node's clock was set back meanwhile]"]])
})

test('a line without end is cut, and says by how much', async () => {
  const { told } = await follow([{ text: `${line(1, 'x'.repeat(100_000))}${line(2, 'b')}` }])
  assert.match(told[1]!, /^16\d{3} and \d+$/)
  assert.is(told[2], 'b')
})

test.run()
