/** The clusters of all these suites run side by side, from the moment of their import. */
import './changes.suite.ts'
import './faults.suite.ts'
import './replicants.suite.ts'
import './reverts.suite.ts'
