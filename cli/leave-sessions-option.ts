import type { Argv } from 'yargs'
import type { Scenario } from '#weir/scenarios/types.ts'

/** `--leave-sessions`: what `fleet.leaveSessions` of a scenario says. */
export function leaveSessionsOption<Args>(yargs: Argv<Args>) {
  return yargs.option('leave-sessions', {
    type: 'boolean',
    describe: "do not end the sessions of weir's persistent clients; they stay until they expire",
  })
}

/** The scenario with the flag applied. */
export function withLeaveSessions(scenario: Scenario, leaveSessions: boolean | undefined): Scenario {
  return leaveSessions ? { ...scenario, fleet: { ...scenario.fleet, leaveSessions } } : scenario
}
