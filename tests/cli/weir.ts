/** Runs a command line in this process and keeps what it prints. */
import { main } from '#weir/cli/main.ts'
import type { Output } from '#weir/cli/output.ts'

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** An output that remembers instead of showing. */
export function memoryOutput(overrides: Partial<Output> = {}) {
  const said = { stdout: '', stderr: '' }
  const output: Output = {
    print: (text) => {
      said.stdout += `${text}\n`
    },
    note: (text) => {
      said.stderr += `${text}\n`
    },
    progress: (text) => {
      said.stderr += `${text}\n`
    },
    draw: (text) => {
      said.stderr += text
    },
    ask: async () => undefined,
    live: false,
    colour: false,
    columns: 100,
    env: {},
    ...overrides,
  }
  return { output, said }
}

export async function weir(args: string[], overrides: Partial<Output> = {}): Promise<Ran> {
  const { output, said } = memoryOutput(overrides)
  const code = await main(args, output)
  return { code, ...said }
}
