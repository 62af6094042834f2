/** Failed calls: the problem document of the API (RFC 9457), or no answer at all. */

export interface Problem {
  /** HTTP status; 0 without an answer. */
  status: number
  /** Stable, for programs. */
  code: string
  /** In the language of the request. */
  detail: string
  /** Seconds to wait, where the API says so. */
  retryAfter?: number
  /** All members of the document: the facts of the case (`reason`, `lines`, `checkout_id`, …). */
  facts: Readonly<Record<string, unknown>>
}

/** What is wrong, from whatever a failed call threw. */
export function problemOf(failure: unknown): Problem {
  if (failure && typeof failure === 'object' && 'status' in failure && 'code' in failure) {
    const { status, code, detail, retry_after: retryAfter } = failure as Record<string, unknown>
    return {
      status: Number(status),
      code: String(code),
      detail: String(detail ?? ''),
      facts: failure as Record<string, unknown>,
      ...(typeof retryAfter === 'number' ? { retryAfter } : {}),
    }
  }
  return { status: 0, code: 'no_answer', detail: '', facts: {} }
}
