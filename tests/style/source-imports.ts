import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { projectFile } from '../support/project-file.ts'

const root = fileURLToPath(projectFile('.'))

export interface Import {
  file: string
  target: string
  /** Only types are imported: nothing of it is left at run time. */
  typeOnly: boolean
}

export const roomOf = (file: string): string => file.split('/')[0]!

const STATEMENT =
  /^(?:import|export)\s+(type\s)?(?:([^'"]*?)\sfrom\s+)?['"]((?:\.|#weir\/)[^'"]+\.(?:ts|mjs))['"]|import\(\s*['"]((?:\.|#weir\/)[^'"]+\.(?:ts|mjs))['"]/gm

/** `import { type A, type B } from …` leaves an empty import behind under verbatimModuleSyntax, so it counts as a value. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(STATEMENT)].map(([, type, , specifier, lazy]) => {
    const path = (specifier ?? lazy)!
    const target = path.startsWith('#weir/')
      ? path.slice('#weir/'.length)
      : normalize(join(dirname(file), path))
    return { file, target, typeOnly: type !== undefined }
  })
}

/** Every import of the repository's sources in these folders. */
export async function allImports(folders: readonly string[]): Promise<Import[]> {
  const found: Import[] = []
  for (const folder of folders)
    for await (const file of glob(`${folder}/**/*.{ts,mjs}`, { cwd: root })) found.push(...importsOf(file))
  return found
}

/** Groups of files that import each other in a circle (Tarjan's strongly connected components of more than one file). */
export function circles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>()
  for (const { file, target } of imports) next.set(file, [...(next.get(file) ?? []), target])
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (file: string) => {
    index.set(file, index.size)
    low.set(file, index.get(file)!)
    stack.push(file)
    for (const target of next.get(file) ?? []) {
      if (!index.has(target)) visit(target)
      if (stack.includes(target)) low.set(file, Math.min(low.get(file)!, low.get(target)!))
    }
    if (low.get(file) !== index.get(file)) return
    const circle = stack.splice(stack.indexOf(file))
    if (circle.length > 1) found.push(circle.sort())
  }
  for (const file of next.keys()) if (!index.has(file)) visit(file)
  return found
}
