/** Where a command writes: the process's own streams, or a test's buffers. */
export interface Output {
  /** A result, on stdout; a line end is added. */
  print(text: string): void
  /** Errors, and what the user must know, on stderr; a line end is added. */
  note(text: string): void
  /** What is being done, on stderr; a line end is added. `--quiet` leaves it out. */
  progress(text: string): void
  /** Exactly these characters, on stderr: for the live line. */
  draw(text: string): void
  /** stderr is a terminal, and a line may be redrawn. */
  live: boolean
  /** Whether stdout shows colours (https://no-color.org). */
  colour: boolean
  /** Asks the user; undefined without a terminal. */
  ask(question: string): Promise<string | undefined>
  /** Width of the terminal; 100 without one. */
  columns: number
  env: Readonly<Record<string, string | undefined>>
}

const WIDTH_WITHOUT_TERMINAL = 100

export function processOutput(): Output {
  // "weir … | head" closes the pipe early: not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
  const env = process.env
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    progress: (text) => void process.stderr.write(`${text}\n`),
    draw: (text) => void process.stderr.write(text),
    live: process.stderr.isTTY === true && env.TERM !== 'dumb' && !env.CI,
    colour: wantsColour(env, process.stdout.isTTY === true),
    ask: askAtTerminal,
    get columns() {
      return process.stdout.columns ?? process.stderr.columns ?? WIDTH_WITHOUT_TERMINAL
    },
    env,
  }
}

/** On stderr, because stdout may be redirected to a file. */
async function askAtTerminal(question: string): Promise<string | undefined> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C at the prompt means no: nothing has been done yet.
  lines.on('SIGINT', () => lines.close())
  try {
    return await Promise.race([
      lines.question(question),
      new Promise<string>((resolve) => lines.on('close', () => resolve(''))),
    ])
  } finally {
    lines.close()
  }
}

function wantsColour(env: NodeJS.ProcessEnv, terminal: boolean): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true
  return terminal && env.TERM !== 'dumb'
}
