/** deploy/grafana/weir.json: every metric in it is one that weir or EMQX has, and every query is PromQL. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stringify } from 'yaml'
import { dialects } from '#weir/cluster/dialects/index.ts'
import { type MetricFamily, RUN_METRICS } from '#weir/facts/index.ts'
import { PATH, testWith } from '../support/programs.ts'
import { projectFile } from '../support/project-file.ts'

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[]
  templating: { list: { query: string }[] }
}

const dashboard = JSON.parse(readFileSync(projectFile('deploy/grafana/weir.json'), 'utf8')) as Dashboard
const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
const texts = [...queries, ...dashboard.templating.list.map(({ query }) => query)]

const families = Object.entries<MetricFamily>(RUN_METRICS)
const gauges = Object.values(dialects).flatMap(({ facts }) => [
  facts.connectionsMetric,
  facts.liveConnectionsMetric,
])

test('it names no metric that does not exist, and each that does', () => {
  const shown = new Set(texts.join(' ').match(/\b(?:weir|emqx)_\w+/g))
  const series = families.map(([name, { type }]) => (type === 'histogram' ? `${name}_bucket` : name))
  assert.equal(
    [...shown].filter((name) => !series.includes(name) && !gauges.includes(name)),
    [],
  )
  assert.equal(
    series.filter((name) => !shown.has(name)),
    [],
  )
  assert.ok(gauges.some((name) => shown.has(name)))
})

testWith('promtool')('every query is PromQL', () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-grafana-'))
  const check = (exprs: string[]) => {
    const rules = exprs.map((expr, index) => ({
      record: `rule_${index}`,
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '15m'),
    }))
    const file = join(dir, 'rules.yaml')
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }))
    return spawnSync('promtool', ['check', 'rules', file], {
      ...{ encoding: 'utf8' as const, env: { ...process.env, PATH } },
    })
  }
  try {
    assert.ok(queries.length > 10)
    const { status, stdout, stderr } = check(queries)
    assert.is(status, 0, stdout + stderr)
    assert.is.not(check(['sum by (']).status, 0)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test.run()
