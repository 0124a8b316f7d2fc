/** The part of the configuration that test/tidy reads. */
export declare const importTable: readonly { readonly folder: string; readonly may: readonly string[] }[];
