import type { ObjectName } from '../checks/finding.ts'
import { doctorCodes, type DoctorId, type DoctorSeverity } from './codes.ts'
import type { EvidenceName } from './evidenceQueries.ts'

/** What a finding makes doubtful. */
export type Affected = 'requests' | 'errors' | 'latency' | 'tcp' | 'mtls' | 'names'

/** How sure the doctor is: `certain`: seen itself; `likely`: nothing else explains it; `possible`: one of several causes. */
export type Confidence = 'certain' | 'likely' | 'possible'

export interface DoctorFinding {
  readonly code: DoctorId
  readonly severity: DoctorSeverity
  readonly title: string
  /** One sentence: what, where and how much. */
  readonly message: string
  /** What was seen, each a sentence. */
  readonly evidence: readonly string[]
  /** The query that shows it. */
  readonly query?: EvidenceName
  /** The objects that show it. */
  readonly objects?: readonly ObjectName[]
  /** What to do, and what to paste for it. */
  readonly fix: { readonly say: string; readonly paste?: string }
  readonly confidence: Confidence
  readonly affects: readonly Affected[]
  /** The namespaces it is about; absent: the mesh. */
  readonly namespaces?: readonly string[]
  /** Whether it alone leaves a page without numbers. */
  readonly explainsSilence?: true
}

type Said = Omit<DoctorFinding, 'code' | 'severity' | 'title' | 'evidence' | 'affects'> &
  Partial<Pick<DoctorFinding, 'severity' | 'evidence' | 'affects'>>

export function doctorFinding(code: DoctorId, said: Said): DoctorFinding {
  const { severity, title } = doctorCodes[code]
  return { code, severity, title, evidence: [], affects: [], ...said }
}

export const everyNumber: readonly Affected[] = ['requests', 'errors', 'latency', 'tcp', 'mtls', 'names']
