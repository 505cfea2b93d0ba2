/** What every log of Commander is made with: facts name an error `error`, and pino writes out only the one it knows the key of. */
export const logOptions = { errorKey: 'error' } as const;

/** The part of a pino logger that the database code writes to. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
