/** What every field takes. `error` is a sentence, already in the visitor's language. */
export type FieldProps = {
  name: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
  /** Hides the label from the eye, not from a screen reader: for fields in a toolbar or a table. */
  labelHidden?: boolean;
};

/** What `Field` gives to the control inside it. */
export type ControlAttributes = {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': 'true' | undefined;
};
