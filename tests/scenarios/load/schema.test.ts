/** The schema says the same as the types and as the rooms that own the words in it. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PRESET_NAMES } from '#weir/bench/index.ts'
import type { GroupSpec, PublishSpec, SubscriptionSpec, WillSpec } from '#weir/bench/types.ts'
import { ASSERTION_IDS } from '#weir/facts/index.ts'
import { SCHEMA_FILE } from '#weir/scenarios/load/validate.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import { waits } from '#weir/scenarios/waits/index.ts'

interface Schema {
  properties: Record<string, Schema>
  definitions: Record<string, Schema>
  items: Schema
  enum?: string[]
  oneOf: Schema[]
  const?: string
}

const schema = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as Schema

/** Every key of a type, or the type checker complains. */
const keysOf = <T>(keys: Record<keyof Required<T>, true>): string[] => Object.keys(keys).sort()
const inSchema = (part: Schema | undefined) => Object.keys(part?.properties ?? {}).sort()

test('keys are those of the types', () => {
  const { properties } = schema
  assert.equal(
    inSchema(schema),
    keysOf<Scenario>({
      name: true,
      description: true,
      cluster: true,
      testbed: true,
      fleet: true,
      steps: true,
      observe: true,
      assert: true,
      knownDeviations: true,
      control: true,
    }),
  )
  assert.equal(
    inSchema(properties.cluster),
    keysOf<Scenario['cluster']>({ dialect: true, manifest: true, judgeAs: true }),
  )
  assert.equal(
    inSchema(properties.testbed),
    keysOf<Scenario['testbed']>({
      operator: true,
      pollIntervalSeconds: true,
      healthCheckWaitSeconds: true,
      faults: true,
    }),
  )
  assert.equal(
    inSchema(properties.fleet),
    keysOf<Scenario['fleet']>({
      clients: true,
      arrival: true,
      groups: true,
      keepAliveSeconds: true,
      reconnect: true,
      connection: true,
      connectsInFlight: true,
    }),
  )
  assert.equal(
    inSchema(properties.fleet?.properties.groups?.items),
    keysOf<Omit<GroupSpec, 'connect'>>({
      name: true,
      share: true,
      protocol: true,
      persistent: true,
      sessionExpirySeconds: true,
      subscribe: true,
      publish: true,
      will: true,
    }),
  )
  const group = properties.fleet?.properties.groups?.items.properties
  assert.equal(
    inSchema(group?.subscribe?.items),
    keysOf<Omit<SubscriptionSpec, 'userProperties'>>({
      topic: true,
      qos: true,
      noLocal: true,
      retainAsPublished: true,
      retainHandling: true,
      identifier: true,
    }),
  )
  // The rest of what MQTTX can do belongs to the bench commands: what a scenario can say it must be able to judge.
  assert.equal(
    inSchema(group?.publish),
    keysOf<Pick<PublishSpec, 'topic' | 'qos' | 'retain' | 'everyMs' | 'limit' | 'payload' | 'inFlight'>>({
      topic: true,
      qos: true,
      retain: true,
      everyMs: true,
      limit: true,
      payload: true,
      inFlight: true,
    }),
  )
  assert.equal(
    inSchema(group?.will),
    keysOf<Omit<WillSpec, 'message' | 'properties'>>({
      topic: true,
      qos: true,
      retain: true,
      delaySeconds: true,
    }),
  )
  assert.equal(
    inSchema(properties.observe),
    keysOf<Scenario['observe']>({
      scrapeIntervalSeconds: true,
      sampleIntervalSeconds: true,
      listingIntervalSeconds: true,
      probeIntervalSeconds: true,
    }),
  )
})

test('assertion ids are those of the registry', () => {
  const ids = ASSERTION_IDS
  assert.ok(ids.length > 0)
  assert.equal([...(schema.definitions.assertion?.enum ?? [])].sort(), [...ids].sort())
})

test('reconnect presets are those of the generator', () => {
  const presets = schema.properties.fleet?.properties.reconnect?.properties.preset?.enum ?? []
  assert.equal([...presets].sort(), [...PRESET_NAMES].sort())
})

test('arrival kinds are those of the generator', () => {
  const kinds = schema.properties.fleet?.properties.arrival?.oneOf.map(
    ({ properties }) => properties.kind?.const,
  )
  const known: Record<Scenario['fleet']['arrival']['kind'], true> = {
    interval: true,
    rate: true,
    ramp: true,
    step: true,
    spike: true,
    poisson: true,
  }
  assert.equal(kinds, Object.keys(known))
})

test('waits are those of the registry', () => {
  assert.equal(schema.definitions.step?.properties.waitFor?.enum, Object.keys(waits))
})

test.run()
