/** Exit codes. 1, 3 and 5 are verdicts, not errors; 130 is a run that the user ended: its record was closed and judged. */
export const EXIT = {
  pass: 0,
  fail: 1,
  usage: 2,
  inconclusive: 3,
  environment: 4,
  worse: 5,
  refused: 6,
  interrupted: 130,
} as const

/**
 * Every error that a user can see, by its stable code, with its general meaning. The message of a thrown error says what is wrong,
 * where, and what to do.
 */
export const CATALOGUE = {
  WEIR_USAGE: { exit: EXIT.usage, meaning: 'the command line does not make sense' },
  WEIR_DECLINED: { exit: EXIT.interrupted, meaning: 'the user did not agree to the plan of a run' },
  WEIR_REFUSED: {
    exit: EXIT.refused,
    meaning: 'a guard, or the API server, refused the operation, and nothing was written',
  },
  WEIR_SCENARIO_UNKNOWN: { exit: EXIT.usage, meaning: 'no scenario has this name and no file this path' },
  WEIR_SCENARIO_YAML: { exit: EXIT.usage, meaning: 'the scenario file is not YAML' },
  WEIR_SCENARIO_INVALID: { exit: EXIT.usage, meaning: 'the scenario file does not match its schema' },
  WEIR_SET_INVALID: { exit: EXIT.usage, meaning: 'a --set or --bound does not fit the scenario' },
  WEIR_FAULT_UNKNOWN: { exit: EXIT.usage, meaning: 'no fault has this name' },
  WEIR_ASSERTION_UNKNOWN: { exit: EXIT.usage, meaning: 'no assertion has this id' },
  WEIR_FAULT_REFUSED: {
    exit: EXIT.usage,
    meaning: "faults and testbed settings belong to weir's own testbeds",
  },
  WEIR_RECORD_MISSING: { exit: EXIT.usage, meaning: 'the folder holds no record' },
  WEIR_RECORD_NEWER: { exit: EXIT.usage, meaning: 'the record was written by a newer weir' },
  WEIR_RECORD_DAMAGED: { exit: EXIT.usage, meaning: 'the record cannot be read at all' },
  WEIR_RECORD_EXISTS: { exit: EXIT.usage, meaning: 'the output folder already holds a record' },
  WEIR_BASELINE: { exit: EXIT.usage, meaning: 'the file is no baseline that this weir can read' },
  WEIR_UNLIKE: { exit: EXIT.usage, meaning: 'the runs are not of one kind and cannot be compared' },
  WEIR_IMPORT_INVALID: { exit: EXIT.usage, meaning: 'the recording is not in a form that weir can import' },
  WEIR_KUBECONFIG: { exit: EXIT.environment, meaning: 'the kubeconfig cannot be read or used' },
  WEIR_CLUSTER_UNREACHABLE: { exit: EXIT.environment, meaning: 'the API server does not answer' },
  WEIR_CLUSTER_FORBIDDEN: {
    exit: EXIT.environment,
    meaning: 'the API server refused the credentials or the permission',
  },
  WEIR_CLUSTER_UNFIT: {
    exit: EXIT.environment,
    meaning: 'the cluster lacks something that the scenario needs',
  },
  WEIR_ADDRESS_IN_USE: { exit: EXIT.environment, meaning: 'an address and port that weir needs is taken' },
  WEIR_DESCRIPTORS: {
    exit: EXIT.environment,
    meaning: 'the process may open too few file descriptors for this fleet',
  },
  WEIR_PORTS: {
    exit: EXIT.environment,
    meaning: 'this machine has too few local ports or addresses for this fleet',
  },
  WEIR_MACHINE_UNFIT: {
    exit: EXIT.environment,
    meaning: 'this machine lacks something that the fleet needs',
  },
  WEIR_PROMETHEUS: { exit: EXIT.environment, meaning: 'the Prometheus cannot be read' },
  WEIR_DISK: { exit: EXIT.environment, meaning: 'the record cannot be written' },
  WEIR_TESTBED: { exit: EXIT.environment, meaning: 'the testbed did not come up, or died' },
  WEIR_CONTROL_PLANE: {
    exit: EXIT.environment,
    meaning: 'the testbed control-plane cannot be built or used on this machine',
  },
  WEIR_KIND: {
    exit: EXIT.environment,
    meaning: 'the testbed kind cannot be built or used on this machine',
  },
  WEIR_OPERATOR: {
    exit: EXIT.environment,
    meaning: "an operator's program or its manifests cannot be used",
  },
  WEIR_EMQX: { exit: EXIT.environment, meaning: 'an EMQX installation cannot be used' },
  WEIR_BROKER: {
    exit: EXIT.environment,
    meaning: 'the MQTT broker cannot be reached or refuses the clients',
  },
  WEIR_GENERATOR: {
    exit: EXIT.environment,
    meaning: 'this machine could not generate the requested load',
  },
  WEIR_LATE: {
    exit: EXIT.inconclusive,
    meaning: 'this machine was too slow for the requested rate, so the figures reflect it and not the broker',
  },
  WEIR_FLEET_JOB: {
    exit: EXIT.environment,
    meaning: 'the pods of a fleet in the cluster did not start',
  },
  WEIR_INTERNAL: { exit: EXIT.environment, meaning: 'a defect of weir itself' },
} as const

export type ErrorCode = keyof typeof CATALOGUE
