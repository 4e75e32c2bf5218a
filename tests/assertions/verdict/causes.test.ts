/** Causes of what failed or stayed open: each kind where it belongs, none in an honest run, and nothing by guess. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge, serializeVerdict, type Verdict } from '#weir/assertions/index.ts'
import { type RecordEvent, UPDATE_ASSERTION_IDS } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { mutantOf, settingsOf, simulate, withEmqx5 } from '../../simulator/index.ts'
import { heldUntilDeleted } from '../checks/held-until-deleted.ts'
import { changed, emqx5Run, honestRun, markT, S, withEvents } from '../checks/honest-run.ts'
import { recordedOperator } from '../checks/recorded-operator.ts'
import { losing } from '../fleet-in-pods.ts'

const ALL = UPDATE_ASSERTION_IDS.map((id) => ({ id }))
const judged = (record: RunRecord) => judge(record, { asserts: ALL })
const causeIds = ({ causes }: Verdict) => causes.map(({ id }) => id)
const openOf = ({ findings }: Verdict) =>
  findings.filter(({ outcome }) => outcome === 'inconclusive').map(({ id }) => id)
const followOf = ({ causes }: Verdict, id: string) => causes.find((cause) => cause.id === id)?.findings ?? []

/** What holds of every verdict, whatever its causes are. */
function assertSound(verdict: Verdict): void {
  const grouped = verdict.causes.flatMap(({ findings }) => findings)
  assert.is(new Set(grouped).size, grouped.length, 'a finding has one cause')
  for (const { findings, link, title } of verdict.causes) {
    assert.ok(findings.length > 0)
    assert.match(link, /^docs\/.+\.md#/)
    assert.match(title, /^\p{L}.*\.$/u)
  }
  for (const id of grouped)
    assert.is.not(verdict.findings.find((finding) => finding.id === id)?.outcome, 'pass', id)
}

/** The run as it was up to `seconds` after the trigger, ended in this way. */
function endingAfter(
  record: RunRecord,
  seconds: number,
  end: { how: 'interrupted' | 'failed'; reason?: string },
) {
  const t = markT(record, 'trigger') + seconds * S
  const cut = changed(record, (event) => (event.t > t ? undefined : event))
  const { messages: _, ...rest } = cut
  let rows = 0
  while (rows < rest.clients.length && rest.clients.t[rows]! <= t) rows++
  const clients = { ...rest.clients, length: rows }
  const scrapes = rest.scrapes.filter((scrape) => scrape.t <= t)
  return { ...rest, clients, scrapes, manifest: { ...rest.manifest, end: { t, ...end } } }
}

test('honest runs have no cause', () => {
  for (const record of [honestRun(), emqx5Run()]) assert.equal(judged(record).causes, [])
  for (let seed = 1; seed <= 10; seed++) {
    const verdict = judge(simulate(settingsOf(seed)))
    const failed = verdict.findings.filter(({ outcome }) => outcome === 'fail')
    assert.equal([failed, causeIds(verdict)], [[], []], `seed ${seed}`)
  }
})

test('a known deviation is the cause of the failures that it explains, and of no other', () => {
  const asserts = ALL.filter(({ id }) => id !== 'harness-healthy')
  const verdict = judge(recordedOperator('v1beta4-2.2.29/b-r1', asserts), { asserts })
  assertSound(verdict)
  const labelled = verdict.findings.filter(({ deviation }) => deviation !== undefined).map(({ id }) => id)
  const [cause] = verdict.causes
  assert.is(cause?.id, 'operator-2.1.3-2.2.29-undrained-delete')
  assert.equal(cause?.findings, labelled)
  assert.is(cause?.link, 'docs/contract/operator.md#v1beta4-undrained-delete')
  assert.match(verdict.headline, / Cause: EMQX Operator 2\.1\.3 to 2\.2\.29 keeps old pods /)
})

for (const [dialect, as] of [
  ['EMQX 4.4', (settings: ReturnType<typeof mutantOf>) => settings],
  ['EMQX 5', withEmqx5],
] as const) {
  test(`${dialect}: pods deleted with clients on them are the cause of the storm that follows`, () => {
    for (let seed = 1; seed <= 4; seed++) {
      const verdict = judge(simulate(as(mutantOf(seed, 'delete-undrained'))))
      assertSound(verdict)
      assert.equal(causeIds(verdict), ['node-deleted'], `seed ${seed}`)
      const [cause] = verdict.causes
      for (const id of ['eviction-envelope', 'no-storm', 'evacuation-serial', 'drained-before-delete'])
        assert.ok(cause!.findings.includes(id), `seed ${seed}: ${id}`)
      assert.ok(verdict.headline.startsWith(cause!.title))
      assert.ok(cause!.evidence!.every(({ file, fromT, toT }) => file === 'clients.arrow' && fromT <= toT))
    }
  })

  test(`${dialect}: nodes that evict everybody at once are the cause of what follows`, () => {
    for (let seed = 1; seed <= 4; seed++) {
      const verdict = judge(simulate(as(mutantOf(seed, 'all-at-once'))))
      assertSound(verdict)
      assert.equal(causeIds(verdict), ['node-evicted-at-once'], `seed ${seed}`)
      const follow = followOf(verdict, 'node-evicted-at-once')
      for (const id of ['eviction-envelope', 'no-storm'])
        assert.ok(follow.includes(id), `seed ${seed}: ${id}`)
      assert.match(verdict.headline, /^Node \S+ dropped (\d+) of its \1 connections within /)
    }
  })
}

test('a pod deleted with a few clients on it is a cause, though the rate explains so many', () => {
  const verdict = judge(heldUntilDeleted(15), { asserts: [{ id: 'drained-before-delete' }] })
  assertSound(verdict)
  assert.equal(followOf(verdict, 'node-deleted'), ['drained-before-delete'])
  assert.match(
    verdict.causes[0]!.title,
    /^Node \S+ dropped its last 1\d clients at .* pod was deleted with them on it\.$/,
  )
})

test('failures of other faults have no cause of these kinds, for none is known', () => {
  for (const fault of [
    'rate-13',
    'session-lost',
    'status-early',
    'wrong-order',
    'blackout',
    'duplicate-qos2',
  ])
    for (let seed = 1; seed <= 2; seed++) {
      const verdict = judge(simulate(mutantOf(seed, fault)))
      assert.is(verdict.outcome, 'fail', fault)
      assert.equal(causeIds(verdict), [], `${fault}, seed ${seed}`)
    }
})

test('a failure that has nothing to do with the drop stays outside', () => {
  const settings = mutantOf(1, 'all-at-once')
  const verdict = judge(simulate({ ...settings, faults: new Set(['all-at-once', 'duplicate-qos2']) }))
  assertSound(verdict)
  const follow = followOf(verdict, 'node-evicted-at-once')
  assert.ok(follow.includes('no-storm'))
  assert.is(verdict.findings.find(({ id }) => id === 'messages')?.outcome, 'fail')
  assert.not.ok(verdict.causes.some(({ findings }) => findings.includes('messages')))
})

test('what another fault broke beside the drop is not said to follow from it', () => {
  const settings = mutantOf(1, 'all-at-once')
  const both = (fault: string) => judge(simulate({ ...settings, faults: new Set(['all-at-once', fault]) }))
  for (const [fault, id] of [
    ['session-lost', 'session-kept'],
    ['no-initial-delay', 'initial-delay'],
    ['skip-takeover-wait', 'evacuation-states'],
    ['ghost-client', 'conservation'],
  ] as const) {
    const verdict = both(fault)
    assertSound(verdict)
    assert.ok(followOf(verdict, 'node-evicted-at-once').includes('no-storm'), fault)
    assert.is(verdict.findings.find((finding) => finding.id === id)?.outcome, 'fail', fault)
    assert.not.ok(
      verdict.causes.some(({ findings }) => findings.includes(id)),
      `${fault}: ${id}`,
    )
  }
})

test('a run may have two causes: what failed by the one, what the other left open', () => {
  const record = simulate(mutantOf(1, 'all-at-once'))
  const verdict = judge(endingAfter(record, 90, { how: 'interrupted' }))
  assertSound(verdict)
  assert.equal(causeIds(verdict), ['node-evicted-at-once', 'ended-early'])
  assert.equal(
    followOf(verdict, 'ended-early'),
    openOf(verdict).filter((id) => id !== 'harness-healthy'),
  )
  assert.match(verdict.headline, /^The run was interrupted before the end of the upgrade\. Node \S+ dropped /)
})

test('a run that ended early says why in its first sentence, and what stays open follows from that', () => {
  const reason = 'the step "upgraded" timed out: 1 old pod is left'
  const ends = [
    [{ how: 'interrupted' }, 'The run was interrupted before the end of the upgrade. '],
    [{ how: 'failed', reason }, `The run failed before the end of the upgrade (${reason}). `],
  ] as const
  for (const [end, words] of ends) {
    const verdict = judged(endingAfter(honestRun(), 60, end))
    assertSound(verdict)
    assert.equal(causeIds(verdict), ['ended-early'])
    assert.equal(followOf(verdict, 'ended-early'), openOf(verdict))
    assert.ok(verdict.headline.startsWith(words), verdict.headline)
  }
})

test('a run that was killed, or interrupted before or after its change, says so too', () => {
  const honest = honestRun()
  const { end: _, ...killed } = endingAfter(honest, 60, { how: 'failed' }).manifest
  const early = endingAfter(honest, -3, { how: 'interrupted' })
  const t = markT(honest, 'upgrade-done') + 2 * S
  const late = endingAfter(honest, (t - markT(honest, 'trigger')) / S, { how: 'interrupted' })
  const runs: [RunRecord, RegExp][] = [
    [
      { ...endingAfter(honest, 60, { how: 'failed' }), manifest: killed },
      /^The run was killed before the end/,
    ],
    [early, /^The run was interrupted before anything was changed\. /],
    [late, /^The run was interrupted after the change was done\. /],
  ]
  for (const [record, words] of runs) {
    const verdict = judged(record)
    assertSound(verdict)
    assert.match(verdict.headline, words)
  }
  assert.equal(followOf(judged(early), 'ended-early'), openOf(judged(early)))
  // What was seen to its end is not open because of it.
  assert.not.ok(followOf(judged(late), 'ended-early').some((id) => id !== 'all-new'))
})

test('a process of weir that died is the cause of what it left open', () => {
  const honest = honestRun()
  const t = markT(honest, 'trigger') + 60 * S
  const how = 'the embedded cluster died (SIGKILL)'
  const ended: RecordEvent = { t, type: 'process-end', process: 'embedded cluster', how }
  const verdict = judged(withEvents(endingAfter(honest, 62, { how: 'failed', reason: how }), ended))
  assertSound(verdict)
  assert.equal(causeIds(verdict), ['process-ended'])
  assert.equal(followOf(verdict, 'process-ended'), openOf(verdict))
  assert.match(verdict.headline, /^The embedded cluster died \(SIGKILL\) at \+60\.0 s after the trigger/)
})

test('a lost pod of the fleet is the cause of what it leaves open', () => {
  const verdict = judged(losing())
  assertSound(verdict)
  assert.equal(causeIds(verdict), ['fleet-pod-lost'])
  assert.equal(followOf(verdict, 'fleet-pod-lost'), openOf(verdict))
})

const refusal = 'admission webhook "validator.apps.emqx.io" denied the request: volumes may not change'
const action = (phase: 'start' | 'refused', t: number): RecordEvent => ({
  ...{ t, type: 'action', id: 'action-1', action: 'upgrade', phase },
  detail: phase === 'refused' ? refusal : '{}',
})

test('a refused change is the cause of all that waits for a change', () => {
  const honest = endingAfter(honestRun(), -1, { how: 'failed', reason: `upgrade: ${refusal}` })
  const t = honest.manifest.end!.t
  const verdict = judged(withEvents(honest, action('start', t - S), action('refused', t - S / 2)))
  assertSound(verdict)
  assert.equal(causeIds(verdict), ['change-refused'])
  assert.equal(followOf(verdict, 'change-refused'), openOf(verdict))
  assert.ok(
    verdict.headline.startsWith(`The change (upgrade) was refused, and nothing was written: ${refusal}. `),
  )
})

test('a refusal that the scenario expects is no cause', () => {
  const honest = honestRun()
  const t = markT(honest, 'trigger') - S
  assert.equal(judged(withEvents(honest, action('start', t), action('refused', t + 1))).causes, [])
})

test('what the API server refuses to the end holds the rollout up, and is the cause', () => {
  const honest = honestRun()
  const cut = endingAfter(honest, 30, { how: 'failed', reason: 'the step "upgraded" timed out' })
  const why = 'exceeded quota: pods=2'
  const held: RecordEvent = {
    ...{ t: cut.manifest.end!.t - S, type: 'refusal', kind: 'StatefulSet', name: 'emqx-ee-green', why },
  }
  const verdict = judged(withEvents(cut, held))
  assertSound(verdict)
  assert.equal(causeIds(verdict), ['rollout-held-up'])
  assert.match(
    verdict.headline,
    /^The rollout is held up: StatefulSet emqx-ee-green cannot create a pod: exceeded quota/,
  )
})

test('a starved harness is the cause of the rates and times that it leaves open', () => {
  const verdict = judge(simulate(mutantOf(1, 'starved-generator')))
  assertSound(verdict)
  assert.equal(causeIds(verdict), ['slow-harness'])
  assert.ok(followOf(verdict, 'slow-harness').includes('harness-healthy'))
  assert.match(verdict.headline, /^The load-generator host did not keep up: /)
})

test('what a lost pod or a slow harness leaves open is not said to follow from the end of the run', () => {
  const lost = judged(endingAfter(losing(), 60, { how: 'interrupted' }))
  assertSound(lost)
  assert.ok(followOf(lost, 'fleet-pod-lost').length > 5)
  const starved = judge(endingAfter(simulate(mutantOf(1, 'starved-generator')), 60, { how: 'interrupted' }))
  assertSound(starved)
  const late = starved.findings.filter(({ sentence }) => sentence.includes('did not keep up'))
  assert.ok(late.length > 2)
  for (const { id } of late) assert.ok(followOf(starved, 'slow-harness').includes(id), id)
  assert.ok(followOf(starved, 'ended-early').length > 0)
})

test('causes stand in verdict.json', () => {
  const verdict = judge(simulate(mutantOf(1, 'all-at-once')))
  const { causes } = JSON.parse(serializeVerdict(verdict)) as Verdict
  assert.equal(causes, verdict.causes)
})

test.run()
