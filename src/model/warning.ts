/** Something a person should know about a record that went through. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}
