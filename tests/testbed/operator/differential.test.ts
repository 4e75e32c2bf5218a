import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { EmulatedLine } from '#weir/facts/index.ts'
import type { Seen } from './bed.ts'
import { runScenario, type Scenario } from './emulated-run.ts'
import { recordedApi, recordedWatch } from './recording.ts'
import {
  aliasesOf,
  answersDuringEvacuation,
  complaints,
  deleted,
  eventFacts,
  objectFacts,
  type Request,
  requestFacts,
  withPasses,
} from './trace.ts'

const RECORDED_DELAY_SECONDS = 5
/** Recorded passes are at least 5 s apart, and their requests at most 1.2 s. */
const RECORDED_SILENCE_SECONDS = 3

const scenario = (line: EmulatedLine): Scenario => ({
  line,
  pollIntervalSeconds: 6,
  delaySeconds: 3,
  rate: 5,
  clients: 60,
})

interface Facts {
  objects: string[]
  events: string[]
  requests: string[]
  deleted: string[]
}

function factsOf({ watch, requests }: Seen, delaySeconds: number): Facts {
  const aliases = aliasesOf(watch)
  return {
    objects: objectFacts(watch, aliases),
    events: eventFacts(watch, aliases, delaySeconds),
    requests: requestFacts(requests, aliases),
    deleted: deleted(watch, aliases),
  }
}

function recorded(line: EmulatedLine): Seen {
  const requests = recordedApi(line).filter(
    (entry): entry is typeof entry & Omit<Request, 'pass'> =>
      entry.k === 'api' &&
      entry.forwarded !== true &&
      (entry as { user?: string }).user === 'emqx_operator_controller',
  )
  return { watch: recordedWatch(line), requests: withPasses(requests, RECORDED_SILENCE_SECONDS) }
}

const recordings = new Map(
  (['2.1.2', '2.2.29'] as const).map((line) => [line, factsOf(recorded(line), RECORDED_DELAY_SECONDS)]),
)

const test = suite<{ runs: Map<EmulatedLine, Seen> }>('differential', { runs: new Map() })

test.before(async ({ runs }) => {
  const lines: EmulatedLine[] = ['2.1.2', '2.2.29']
  // Side by side: every testbed has addresses of its own.
  await Promise.all(lines.map(async (line) => runs.set(line, await runScenario(scenario(line)))))
})

for (const line of ['2.1.2', '2.2.29'] as const) {
  const emulated = (runs: Map<EmulatedLine, Seen>) =>
    factsOf(runs.get(line) ?? { watch: [], requests: [] }, scenario(line).delaySeconds)

  test(`${line}: the same object changes in the same order as the real operator's`, ({ runs }) => {
    assert.equal(emulated(runs).objects, recordings.get(line)?.objects)
  })

  test(`${line}: the same Events`, ({ runs }) => {
    assert.equal(emulated(runs).events, recordings.get(line)?.events)
  })

  test(`${line}: the same requests to EMQX in each pass`, ({ runs }) => {
    assert.equal(emulated(runs).requests, recordings.get(line)?.requests)
  })

  test(`${line}: a node that is being evacuated is never available`, ({ runs }) => {
    for (const requests of [recorded(line).requests, runs.get(line)?.requests ?? []])
      assert.equal([...new Set(answersDuringEvacuation(requests))], line === '2.1.2' ? [] : [503])
  })

  test(`${line}: the same is deleted with the resource`, ({ runs }) => {
    assert.equal(emulated(runs).deleted, recordings.get(line)?.deleted)
  })
}

test('2.1.2: a first deployment takes seven passes to the set, each with its complaint', ({ runs }) => {
  assert.is(complaints(recordedWatch('2.1.2'), 'Sts not ready'), 8)
  assert.is(complaints(runs.get('2.1.2')?.watch ?? [], 'Sts not ready'), 8)
})

test('2.2.29: a first deployment takes eight passes to the set; a ninth complaint finds no address yet, or finds one', ({
  runs,
}) => {
  assert.is(complaints(recordedWatch('2.2.29'), 'no such host'), 9)
  assert.ok([8, 9].includes(complaints(runs.get('2.2.29')?.watch ?? [], 'no such host')))
})

test('the comparison is not blind: held to the other line, everything differs', ({ runs }) => {
  const wrong = factsOf(runs.get('2.2.29') ?? { watch: [], requests: [] }, 3)
  const right = recordings.get('2.1.2')
  assert.not.equal(wrong.objects, right?.objects)
  assert.not.equal(wrong.events, right?.events)
  assert.not.equal(wrong.requests, right?.requests)
})

test.run()
