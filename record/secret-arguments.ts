import { isSecretName } from './secret-names.ts'

/** An option in place of a value: the option before it has no value. */
const OPTION = /^(-[A-Za-z]|--[a-z][\w-]*(=.*)?)$/s
/** For these commands -p means parents or preserve, not a password. */
const PATH_COMMAND = /(^|[\s/"'])(mkdir|cp|rsync|tar|install)(\s|$)/

const isPort = (word: string) => /^\d{1,5}$/.test(word) && Number(word) > 0 && Number(word) < 65_536

/**
 * Whether `value`, the word after `option`, is a secret. -p and -P are a password to one program and a port to
 * another; `before` is the command so far, and decides.
 */
export function isSecretArgument(
  option: string,
  value: string,
  before: string,
  hasOtherPort: boolean,
): boolean {
  if (!/^-{1,2}[A-Za-z]/.test(option) || OPTION.test(value)) return false
  if (option === '-p' || option === '-P')
    return (hasOtherPort || !isPort(value)) && !PATH_COMMAND.test(before)
  return option === '-u' || option === '--user' || (!option.includes('=') && isSecretName(option))
}

/** Indices of the words that are secret because of the option before them. */
export function secretArguments(words: readonly unknown[]): Set<number> {
  const found = new Set<number>()
  for (let at = 1; at < words.length; at++) {
    const option = words[at - 1]
    const value = words[at]
    if (typeof option !== 'string' || typeof value !== 'string' || !option.startsWith('-')) continue
    const before = option === '-p' || option === '-P' ? words.slice(Math.max(0, at - 4), at).join(' ') : ''
    if (isSecretArgument(option, value, before, option === '-p' && portIsUpperCase(words))) found.add(at)
  }
  return found
}

/** With `-P 8081` as the port, -p is a password, even one of digits. */
function portIsUpperCase(words: readonly unknown[]): boolean {
  const next = words[words.indexOf('-P') + 1]
  return words.includes('-P') && typeof next === 'string' && isPort(next)
}
