/** An invoice or credit note as it is printed: text, with every amount formatted. What is null or empty is left out. */
export interface PrintableInvoice {
  readonly kind: 'invoice' | 'credit_note';
  /** Null: a draft, which is printed with the word across it. */
  readonly number: string | null;
  /** Of the sandbox's books: nobody shall take it for a real one. */
  readonly test: boolean;
  readonly currency: string;
  readonly documentDate: string;
  readonly dueDate: string | null;
  /** What was sold in a sentence; the name of the deal, mostly. */
  readonly description: string;
  readonly memo: string | null;
  /** The number of the invoice that a credit note belongs to. */
  readonly creditedNumber: string | null;
  readonly seller: PrintedSeller;
  readonly customer: PrintedParty;
  readonly lines: readonly PrintedLine[];
  readonly subtotal: string;
  readonly taxes: readonly { readonly label: string; readonly amount: string }[];
  readonly total: string;
  /** What was paid or credited, and what is open; both null where nothing was settled. */
  readonly settled: { readonly amount: string; readonly open: string } | null;
  /** For the file's own properties, so that the same document makes the same file. */
  readonly changedAt: Date;
}

export interface PrintedParty {
  readonly name: string;
  readonly addressLines: readonly string[];
  readonly taxId: string | null;
}

export interface PrintedSeller extends PrintedParty {
  readonly registrationNumber: string | null;
  /** Several lines: bank, IBAN or account number, BIC. */
  readonly bankDetails: string | null;
  /** PNG or JPEG. */
  readonly logo: Uint8Array | null;
  readonly paper: 'A4' | 'LETTER';
}

export interface PrintedLine {
  readonly position: number;
  readonly description: string;
  readonly sku: string | null;
  readonly quantity: string;
  readonly unitPrice: string;
  /** Null: none. */
  readonly discount: string | null;
  readonly tax: string | null;
  readonly amount: string;
}
