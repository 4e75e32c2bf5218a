/** The format of scenario files. It grows when a key, a step or a shipped base comes to mean something else. */
export const SCENARIO_FORMAT = 1
