import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { RECORD_FILES, readRecord } from '#weir/record/index.ts'
import { writeRecord } from '#weir/record/write-record.ts'
import { logged } from '../assertions/checks/logged.ts'
import { Random, settingsOf, simulate, withEmqx5 } from '../simulator/index.ts'

/** Every thousandth-odd way to damage a record; `WEIR_FUZZ` sets how many are tried. */
const TRIES = Number(process.env.WEIR_FUZZ ?? 500)
const CLIENTS = 100

const folder = mkdtempSync(join(tmpdir(), 'weir-fuzz-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const honest = join(folder, 'honest')
const damaged = join(folder, 'damaged')
const FILES = Object.values(RECORD_FILES)

async function prepare(): Promise<void> {
  const settings = withEmqx5(settingsOf(5))
  const { servingNodes: _, ...parameters } = settings.parameters
  const record = simulate({
    ...settings,
    parameters: { ...parameters, nodes: 3, clients: CLIENTS, connEvictRate: 10 },
    prometheusSeconds: 10,
  })
  await writeRecord(logged(record), honest)
  mkdirSync(damaged)
}

const ODD_VALUES = ['null', '1e300', '-1', '"text"', '{}', '[]', 'true', '99999999999', '""', '[[null]]']

/** The bytes with something wrong somewhere. */
function damage(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(0, Math.max(0, bytes.length - 1))
  const way = random.integer(0, 5)
  if (way === 0) return flipped(bytes, at, random)
  if (way === 1) return bytes.subarray(0, at)
  if (way === 2)
    return Buffer.concat([
      bytes.subarray(0, at),
      bytes.subarray(Math.min(bytes.length, at + random.integer(1, 64))),
    ])
  if (way === 3)
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(ODD_VALUES)), bytes.subarray(at)])
  if (way === 4) {
    const rows = bytes.toString('latin1').split('\n')
    const row = random.integer(0, rows.length - 1)
    return Buffer.from(
      [...rows.slice(0, row), rows[random.integer(0, rows.length - 1)], ...rows.slice(row)].join('\n'),
      'latin1',
    )
  }
  return withOddValue(bytes, random)
}

function flipped(bytes: Buffer, at: number, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = copy[at]! ^ (1 << random.integer(0, 7))
  return copy
}

/** One value of one JSON object replaced by another that JSON allows. */
function withOddValue(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString('latin1')
  const values = [...text.matchAll(/:("[^"]*"|-?[\d.]+|true|false|null|\[\]|\{\})(?=[,}])/g)]
  if (values.length === 0) return flipped(bytes, 0, random)
  const one = random.pick(values)
  const at = one.index + 1
  return Buffer.from(text.slice(0, at) + random.pick(ODD_VALUES) + text.slice(at + one[1]!.length), 'latin1')
}

const inUse = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Returns how much memory reading and judging took. Fails for anything but an outcome or an error of the catalogue. */
async function judged(dir: string, what: string): Promise<number> {
  global.gc?.()
  const before = inUse()
  try {
    const record = await readRecord(dir)
    const verdict = judge(record)
    assert.ok(['pass', 'fail', 'inconclusive'].includes(verdict.outcome), what)
    for (const { sentence } of verdict.findings)
      assert.not.match(sentence, /the check failed with an error/, `${what}: ${sentence}`)
    return inUse() - before
  } catch (error) {
    assert.instance(error, WeirError, `${what}: ${(error as Error).stack}`)
    assert.is((error as Error).message.includes('\n'), false, what)
    return inUse() - before
  }
}

test(`${TRIES} damaged records of ${CLIENTS} clients: an outcome or one line, and no more memory than the honest one takes`, async () => {
  await prepare()
  await judged(honest, 'warm-up')
  const usual = await judged(honest, 'honest')
  let most = 0
  for (let seed = 1; seed <= TRIES; seed++) {
    const random = new Random(seed)
    for (const file of FILES) copyFileSync(join(honest, file), join(damaged, file))
    const file = random.pick(FILES)
    writeFileSync(join(damaged, file), damage(readFileSync(join(honest, file)), random))
    most = Math.max(most, await judged(damaged, `seed ${seed}, ${file}`))
  }
  // Garbage that was not collected yet is no use of memory: a table of 2^32 clients is.
  assert.ok(most < 2 * Math.max(usual, 0) + 64 * 2 ** 20, `${most} bytes, the honest record ${usual}`)
})

test('a FIFO, a device and a folder in the place of a file are refused at once', async () => {
  const makers: [string, (path: string) => void][] = [
    ['FIFO', (path) => execFileSync('mkfifo', [path])],
    ['device', (path) => symlinkSync('/dev/zero', path)],
    ['folder', (path) => mkdirSync(path)],
  ]
  for (const file of [RECORD_FILES.clients, RECORD_FILES.events, RECORD_FILES.fleet])
    for (const [what, make] of makers) {
      for (const one of FILES) copyFileSync(join(honest, one), join(damaged, one))
      rmSync(join(damaged, file))
      make(join(damaged, file))
      const { damage: found } = await readRecord(damaged)
      assert.ok(
        found.some((one) => one.file === file),
        `${file} as a ${what}`,
      )
      rmSync(join(damaged, file), { recursive: true })
    }
})

test.run()
