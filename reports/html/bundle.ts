import { readFileSync } from 'node:fs'

const IMPORT = /^import\s[^;]*?from\s+'[^']+'\n/gm
const EXPORT = /^export\s+(?=(?:async\s+)?(?:function|const|let|class)\b)/gm

/**
 * Makes one script of several small modules, in the given order: a page without a network cannot import. Each module
 * names what it needs and what it gives, as anywhere; here the names simply meet in one function's scope.
 */
export function bundle(files: readonly URL[]): string {
  const parts = files.map((file) => readFileSync(file, 'utf8').replace(IMPORT, '').replace(EXPORT, '').trim())
  return `(() => {\n'use strict'\n${parts.join('\n\n')}\n})()`
}
