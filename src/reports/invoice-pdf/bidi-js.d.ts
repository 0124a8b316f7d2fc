/** The package brings no types; these are of what is used here. */
declare module 'bidi-js' {
  interface EmbeddingLevels {
    /** One a UTF-16 unit; odd ones are read from the right. */
    readonly levels: Uint8Array;
    readonly paragraphs: readonly { readonly start: number; readonly end: number; readonly level: number }[];
  }
  interface Bidi {
    getEmbeddingLevels(text: string, direction?: 'ltr' | 'rtl' | 'auto'): EmbeddingLevels;
    /** The bracket that faces the other way, or null for a character that has none. */
    getMirroredCharacter(character: string): string | null;
  }
  export default function createBidi(): Bidi;
}
