/**
 * The ways to ask for help, as yargs understands them: `help run`, and `-h` at the end of a line. Elsewhere `-h` is the host of bench and
 * doctor.
 */
export function withHelp(argv: readonly string[]): readonly string[] {
  if (argv[0] === 'help') return [...argv.slice(1), '--help']
  return argv.at(-1) === '-h' ? argv.with(-1, '--help') : argv
}
