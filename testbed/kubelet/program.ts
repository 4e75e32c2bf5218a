import type { Container, Pod } from '#weir/cluster/kubernetes/kinds.ts'

/** A container whose program is to run: its pod, and the address that the pod has. */
export interface Place {
  pod: Pod
  container: Container
  podIp: string
}

/** A program that runs in a container. */
export interface Running {
  /** Resolves with its exit code once it has ended, for whatever reason. */
  readonly exited: Promise<number>
  /** Runs a command beside it, where it has a place to run one. Resolves with the exit code. */
  exec?(command: readonly string[]): Promise<number>
  /** SIGTERM: it ends when it likes. */
  terminate(): void
  /** SIGKILL: it is gone at once. */
  kill(): void
}

/** What a container needs is not there yet: the words of the kubelet's FailedMount event. */
export interface NotMounted {
  missing: string
}

/** Takes a line that a program prints. */
export type Print = (line: string) => void

/** What an image runs. */
export interface Program {
  /** Brings what the container mounts and reads. `start` runs the program, again after each time it has ended. */
  prepare(place: Place): Promise<{ start(print: Print): Running } | NotMounted>
}

/** The program of an image that does nothing: it serves no port and ends when it is asked to. */
export const idleProgram: Program = {
  async prepare() {
    return { start: idle }
  },
}

function idle(): Running {
  const { promise: exited, resolve } = Promise.withResolvers<number>()
  return { exited, terminate: () => resolve(0), kill: () => resolve(KILLED) }
}

/** The exit code of a program that a SIGKILL ended. */
export const KILLED = 137
