import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as assert from 'uvu/assert'

/** Compares with a checked-in file; WEIR_UPDATE_GOLDEN=1 writes it anew, for a change that is meant. */
export function matchesGolden(actual: string, file: URL): void {
  if (process.env.WEIR_UPDATE_GOLDEN) {
    mkdirSync(dirname(file.pathname), { recursive: true })
    writeFileSync(file, actual)
  }
  assert.ok(existsSync(file), `${file.pathname} is missing: make it with WEIR_UPDATE_GOLDEN=1`)
  assert.fixture(actual, readFileSync(file, 'utf8'))
}
