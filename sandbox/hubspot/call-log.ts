/** What was called, and which rules were broken. Both are read and reset by the control API. */
export interface Violation {
  readonly at: string;
  readonly rule: string;
  readonly detail: string;
  readonly portalId: number | null;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface CallEntry {
  readonly at: string;
  readonly portalId: number | null;
  readonly bucket: string;
  readonly endpoint: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly fault: string | null;
}

/** So many latest entries are kept of each; the counts go on. */
const ENTRIES_MAX = 10_000;

export class CallLog {
  #violations: Violation[] = [];
  #violationCounts: Record<string, number> = {};
  #recent: CallEntry[] = [];
  #byBucket: Record<string, number> = {};
  #byEndpoint: Record<string, number> = {};
  #byStatus: Record<string, number> = {};
  #byPortal: Record<string, number> = {};
  #total = 0;

  count(entry: CallEntry): void {
    this.#total += 1;
    this.#byBucket[entry.bucket] = (this.#byBucket[entry.bucket] ?? 0) + 1;
    this.#byEndpoint[entry.endpoint] = (this.#byEndpoint[entry.endpoint] ?? 0) + 1;
    this.#byStatus[entry.status] = (this.#byStatus[entry.status] ?? 0) + 1;
    const portal = String(entry.portalId ?? 'none');
    this.#byPortal[portal] = (this.#byPortal[portal] ?? 0) + 1;
    this.#recent.push(entry);
    if (this.#recent.length > ENTRIES_MAX * 2) this.#recent = this.#recent.slice(-ENTRIES_MAX);
  }

  violate(violation: Violation): void {
    this.#violationCounts[violation.rule] = (this.#violationCounts[violation.rule] ?? 0) + 1;
    this.#violations.push(violation);
    if (this.#violations.length > ENTRIES_MAX * 2) this.#violations = this.#violations.slice(-ENTRIES_MAX);
  }

  violations(): { total: number; byRule: Record<string, number>; violations: readonly Violation[] } {
    const byRule = { ...this.#violationCounts };
    const total = Object.values(byRule).reduce((sum, count) => sum + count, 0);
    return { total, byRule, violations: this.#violations.slice(-ENTRIES_MAX) };
  }

  calls(recent: number): {
    total: number;
    byBucket: Record<string, number>;
    byEndpoint: Record<string, number>;
    byStatus: Record<string, number>;
    byPortal: Record<string, number>;
    recent: readonly CallEntry[];
  } {
    return {
      total: this.#total,
      byBucket: { ...this.#byBucket },
      byEndpoint: { ...this.#byEndpoint },
      byStatus: { ...this.#byStatus },
      byPortal: { ...this.#byPortal },
      recent: recent === 0 ? [] : this.#recent.slice(-recent),
    };
  }

  resetCalls(): void {
    this.#recent = [];
    this.#byBucket = {};
    this.#byEndpoint = {};
    this.#byStatus = {};
    this.#byPortal = {};
    this.#total = 0;
  }

  resetViolations(): void {
    this.#violations = [];
    this.#violationCounts = {};
  }
}
