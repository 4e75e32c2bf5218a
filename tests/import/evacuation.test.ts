import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { importEvacuation, importRecording } from '#weir/import/index.ts'
import { type RunRecord, readRecord } from '#weir/record/index.ts'
import { changed, FIXTURE, folders, outcomes, PASSING, TOLD } from './recorded-evacuation.ts'

function assertHonest(record: RunRecord): void {
  const found = outcomes(record)
  for (const id of PASSING) assert.is(found[id]!.outcome, 'pass', `${id}: ${found[id]!.sentence}`)
  for (const id of ['gauge-truth', 'undisturbed-before', 'landing', 'hops', 'no-storm', 'downtime'])
    assert.is(found[id]!.outcome, 'pass', `${id}: ${found[id]!.sentence}`)
  assert.is(found.refusals!.figures.refusals, 250)
}

test('the recorded evacuation of real EMQX gets the verdicts that the design names', () => {
  const record = importEvacuation(FIXTURE, TOLD)
  assertHonest(record)
  const found = outcomes(record)
  assert.equal([found.refusals!.figures.code156, found.refusals!.figures.code3], [175, 75])
  const { connectedAtEnd, awayByPlan, lost } = found.conservation!.figures
  assert.equal([connectedAtEnd, awayByPlan, lost], [2500, 500, 0])
  assert.is(found['session-kept']!.figures.moves, 1000)
  const { clients, nodes, connEvictRate, sessEvictRate, waitTakeoverSeconds, dialect } =
    record.manifest.parameters!
  assert.equal([clients, nodes, connEvictRate, sessEvictRate], [3000, 1, 100, 100])
  assert.equal([waitTakeoverSeconds, dialect.healthCheckWaitSeconds], [20, 10])
})

test('written as a folder and read again, it is judged the same to the byte', async () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'weir-import-')), 'record')
  folders.push(dir)
  const imported = await importRecording(FIXTURE, dir, TOLD)
  const again = await readRecord(dir)
  assert.equal(again.damage, [])
  assert.is(JSON.stringify(judge(again)), JSON.stringify(judge(imported)))
})

test('rows out of order, no list of states, unknown lines: the same verdicts', () => {
  const backwards = (lines: string[]): [string[]] => [[...lines].reverse()]
  assertHonest(
    importEvacuation(
      changed({
        events: (lines) => backwards([...lines, '', 'nonsense', '12,moved,c1,,,,,,,']),
        scrape: backwards,
        states: () => undefined,
      }),
      TOLD,
    ),
  )
  assertHonest(
    importEvacuation(changed({ states: (text) => text.trim().split('\n').reverse().join('\n') }), TOLD),
  )
})

test('columns in another order, and some missing', () => {
  const keep =
    (columns: string[]) =>
    (lines: string[], header: string): [string[], string] => {
      const at = columns.map((name) => header.split(',').indexOf(name))
      return [
        lines.map((line) => at.map((index) => line.split(',')[index] ?? '').join(',')),
        columns.join(','),
      ]
    }
  const dir = changed({
    events: keep(['client', 'node', 'event', 't_ms', 'session_present', 'rc']),
    scrape: keep(['node', 'live_connections', 'connections', 't_ms', 'lr_state']),
  })
  const found = outcomes(importEvacuation(dir, { ...TOLD, connEvictRate: 100 }))
  const byRate = ['eviction-envelope', 'eviction-floor', 'eviction-slope']
  for (const id of [...byRate, 'session-kept'])
    assert.is(found[id]!.outcome, 'pass', `${id}: ${found[id]!.sentence}`)
  assert.is(found.refusals!.figures.refusals, 250)
  // Without EMQX's own word, or the user's, the rate that was seen proves nothing.
  const unsaid = outcomes(importEvacuation(dir, TOLD))
  for (const id of byRate) {
    assert.is(unsaid[id]!.outcome, 'inconclusive', id)
    assert.match(unsaid[id]!.settle!, /--rate/)
  }
  assert.is(unsaid['session-kept']!.outcome, 'pass')
})

test('a recorder that did not close its clients lost nobody', () => {
  const record = importEvacuation(
    changed({ events: (lines) => [lines.filter((line) => Number(line.split(',')[0]) < 1795317690000)] }),
    TOLD,
  )
  assertHonest(record)
})

/** Client c<k> is known to be evicted, refused once, and back; found in the fixture. */
function refusedClient(lines: string[]): string {
  return lines
    .find((line) => line.split(',')[1] === 'connack' && line.split(',')[5] !== '0x0')!
    .split(',')[2]!
}

test('a client that tried again, was refused, and never came back is lost', () => {
  const dir = changed({
    events: (lines) => {
      const client = refusedClient(lines)
      const refusal = lines.findIndex(
        (line) => line.split(',')[2] === client && /,0x9c,|,0x3,/.test(line) && line.includes('connack'),
      )
      return [lines.filter((line, i) => i <= refusal || line.split(',')[2] !== client)]
    },
  })
  const found = outcomes(importEvacuation(dir, TOLD))
  assert.is(found.conservation!.outcome, 'fail')
  assert.is(found.conservation!.figures.lost, 1)
  assert.is(found.downtime!.outcome, 'fail')
})

test('a silent client whose session nobody holds any more is lost, not away', () => {
  const gone =
    (wanted: string) =>
    (lines: string[]): [string[]] => {
      const clients = new Set(
        lines
          .filter((line) => line.includes(`,reconnected,`) && line.includes(wanted))
          .map((line) => line.split(',')[2]),
      )
      const some = new Set([...clients].slice(0, 20))
      return [
        lines.filter((line) => {
          const [t, event, client] = line.split(',')
          return !(
            some.has(client) &&
            (event === 'reconnected' || Number(t) > 1795317624000) &&
            event !== 'disconnect'
          )
        }),
      ]
    }
  for (const wanted of ['A5persist', 'B5clean']) {
    const found = outcomes(importEvacuation(changed({ events: gone(wanted) }), TOLD))
    assert.is(found.conservation!.outcome, 'fail', wanted)
    assert.is(found.conservation!.figures.lost, 20, wanted)
  }
})

test('what is no recording is refused with what it lacks', () => {
  const codeOf = (dir: string) => {
    try {
      importEvacuation(dir)
      return 'imported'
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as Error).message}`
    }
  }
  assert.match(codeOf(tmpdir()), /WEIR_IMPORT_INVALID .*events\.csv/)
  assert.match(codeOf(changed({ events: (lines) => [lines, 'a,b,c'] })), /WEIR_IMPORT_INVALID .*t_ms/)
  const cut = changed({})
  cpSync(join(FIXTURE, 'events.csv.gz'), join(cut, 'events.csv.gz'))
  rmSync(join(cut, 'events.csv'))
  writeFileSync(join(cut, 'events.csv.gz'), readFileSync(join(cut, 'events.csv.gz')).subarray(0, 1000))
  assert.match(codeOf(cut), /WEIR_IMPORT_INVALID .*events\.csv\.gz/)
})

test.run()
