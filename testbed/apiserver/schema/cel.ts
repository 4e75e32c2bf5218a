import { createRequire } from 'node:module'
import { messageOf } from '#weir/errors/index.ts'
import { remembered } from '../../runtime/memo.ts'

type Cel = typeof import('@marcbachmann/cel-js')

type Run = (values: Record<string, unknown>) => unknown

/** Gives an expression as a program, or says why it cannot be evaluated here. */
export type Compiler = (text: string) => Run | string

/** A compiler of CEL expressions with these variables. The library is loaded with the first expression. */
export function compilerWith(variables: readonly string[]): Compiler {
  let environment: InstanceType<Cel['Environment']> | undefined
  const environmentOf = () => {
    if (environment) return environment
    const { Environment } = createRequire(import.meta.url)('@marcbachmann/cel-js') as Cel
    environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false })
    for (const name of variables) environment.registerVariable(name, 'dyn')
    return environment
  }
  const programs = new Map<string, Run | string>()
  return (text) =>
    remembered(programs, text, () => {
      const checked = environmentOf().check(text)
      return checked.valid ? (environmentOf().parse(text) as Run) : celWords(checked.error)
    })
}

/** What an error of the library says, without the place in the text. */
export const celWords = (error: unknown): string =>
  error instanceof Error && 'summary' in error ? String(error.summary) : messageOf(error)
