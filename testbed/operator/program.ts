import { KILLED, type Program, type Running } from '../kubelet/program.ts'

/** An operator that runs. */
export interface Operator {
  stop(): Promise<void>
}

/** Starts an operator that calls `panicked` when it comes across something that ends the real one's process. */
export type StartOperator = (panicked: (error: Error) => void) => Promise<Operator>

/** The exit code of a Go program that panics. */
const PANICKED = 2

/**
 * The emulated operator as what runs in the pod of its Deployment. Deleted, scaled to none, or ended by a panic, it behaves as any program
 * in a pod does. It has begun before there is a pod, which then takes it over: webhooks and definitions are there as soon as the cluster is.
 */
export class OperatorProgram implements Program {
  readonly #start: StartOperator
  #waiting: Instance | undefined
  readonly #all = new Set<Instance>()

  constructor(start: StartOperator) {
    this.#start = start
  }

  /** Begins it. Rejects where it cannot begin. */
  async begin(): Promise<void> {
    this.#waiting = this.#instance()
    await this.#waiting.begun
  }

  async prepare(): Promise<{ start(): Running }> {
    return {
      start: () => {
        const instance = this.#waiting ?? this.#instance()
        this.#waiting = undefined
        return instance
      },
    }
  }

  /** Ends it wherever it runs. */
  async stop(): Promise<void> {
    await Promise.all([...this.#all].map((instance) => instance.end(0)))
  }

  #instance(): Instance {
    const instance = new Instance(this.#start)
    this.#all.add(instance)
    void instance.exited.then(() => this.#all.delete(instance))
    return instance
  }
}

class Instance implements Running {
  readonly exited: Promise<number>
  /** Rejects where the operator cannot begin. */
  readonly begun: Promise<Operator>
  readonly #exit: (code: number) => void
  #ending: Promise<void> | undefined

  constructor(start: StartOperator) {
    const { promise, resolve } = Promise.withResolvers<number>()
    this.exited = promise
    this.#exit = resolve
    this.begun = start(() => void this.end(PANICKED))
    this.begun.catch(() => this.#exit(1))
  }

  readonly terminate = (): void => void this.end(0)
  readonly kill = (): void => void this.end(KILLED)

  async end(code: number): Promise<void> {
    this.#ending ??= this.begun.then(
      (operator) => operator.stop(),
      () => {},
    )
    await this.#ending
    this.#exit(code)
  }
}
