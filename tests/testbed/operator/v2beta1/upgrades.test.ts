/** Both suites' clusters run side by side, from the moment of their import. */
import './faults.suite.ts'
import './replicants.suite.ts'
