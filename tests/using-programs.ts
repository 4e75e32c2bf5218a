import { allImports } from './style/source-imports.ts'

const PROGRAMS = 'tests/support/programs.ts'

/** Those of these test files that ask for a program which not every machine has, by themselves or by what they import. */
export async function usingPrograms(files: readonly string[]): Promise<string[]> {
  const importers = new Map<string, string[]>()
  for (const { file, target, typeOnly } of await allImports(['tests']))
    if (!typeOnly) importers.set(target, [...(importers.get(target) ?? []), file])
  const using = new Set([PROGRAMS])
  for (const file of using) for (const importer of importers.get(file) ?? []) using.add(importer)
  return files.filter((file) => using.has(file))
}
