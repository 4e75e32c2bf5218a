import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EngineName } from '#weir/bench/types.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'
import { has, type Program, testWith } from '../../support/programs.ts'
import { type Behaviour, exceptionOf, type Lack, type Try } from './behaviour.ts'
import { BEHAVIOURS } from './behaviours/index.ts'
import { Cell, type Stage } from './stage.ts'

const ENGINES: readonly EngineName[] = ['lean', 'mqttjs']
const PROTOCOLS: readonly ProtocolVersion[] = ['3.1.1', '5']

/**
 * Tries every behaviour with both engines on one broker. What one of them does otherwise is named in the test's name. `needs` is the
 * program of the broker, `lack` what it does not speak.
 */
export function playAll(
  broker: Stage['name'],
  open: () => Promise<Stage>,
  { needs, lack }: { needs?: Program; lack?: Lack } = {},
): void {
  const test: Test = suite(broker)
  if (needs && !has(needs)) {
    testWith(needs, test)(broker, () => undefined)
    test.run()
    return
  }
  let stage: Stage
  test.before(async () => {
    stage = await open()
  })
  test.after(() => stage.stop())
  /** `lawful`: a broker that does what it should is not said to break the protocol. */
  const play = (name: string, engine: EngineName, protocol: ProtocolVersion, run: Try, lawful = false) =>
    test(name, async () => {
      const cell = new Cell(engine, stage)
      try {
        await run(cell, protocol)
      } finally {
        await cell.clear()
      }
      if (lawful) assert.equal(cell.breaches, [])
    })
  for (const engine of ENGINES) {
    if (lack)
      play(`${engine}, MQTT ${lack.protocol} — NOT: ${lack.because}`, engine, lack.protocol, lack.instead)
    for (const behaviour of BEHAVIOURS)
      for (const protocol of behaviour.protocols ?? PROTOCOLS) {
        if (protocol === lack?.protocol) continue
        const exception = exceptionOf(behaviour, engine, broker, protocol)
        const name = nameOf(behaviour, engine, protocol, exception?.because)
        play(name, engine, protocol, exception?.instead ?? behaviour.run, !exception)
      }
  }
  test.run()
}

function nameOf(
  { name }: Behaviour,
  engine: EngineName,
  protocol: ProtocolVersion,
  because: string | undefined,
): string {
  const what = `${engine}, MQTT ${protocol}: ${name}`
  return because === undefined ? what : `${what} — OTHERWISE: ${because}`
}
