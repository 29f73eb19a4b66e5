import { isRecord, type JsonObject, lengthOf } from './json.ts';
import { invalidForm, type RestError } from './rest-error.ts';

export type Path = readonly (string | number)[];

/** A field of a body that Discord checks, and where it stands: each method throws as Discord answers. */
export class Form {
  readonly #fields: JsonObject;
  readonly path: Path;

  constructor(fields: JsonObject, path: Path) {
    this.#fields = fields;
    this.path = path;
  }

  /** The value of a field. */
  value(name: string): unknown {
    return this.#fields[name];
  }

  /** A problem of a field; with '' of the whole. */
  problem(name: string, code: string, message: string): RestError {
    return invalidForm(name === '' ? this.path : [...this.path, name], code, message);
  }

  /** A text of `least` to `most` code points. Where `least` is 0 it may be left out. */
  text(name: string, least: number, most: number): void {
    const value = this.value(name);
    if (value === undefined || value === null) {
      if (least > 0) throw this.missing(name);
      return;
    }
    if (typeof value !== 'string')
      throw this.problem(name, 'STRING_TYPE_CONVERT', 'Could not interpret as a string.');
    const length = lengthOf(value);
    if (length > most && least === 0)
      throw this.problem(name, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
    if (length < least || length > most) throw this.badLength(name, least, most);
  }

  /** A whole number of `least` to `most`; it may be left out. */
  integer(name: string, least: number, most: number): void {
    const value = this.value(name);
    if (value === undefined || value === null) return;
    if (typeof value !== 'number' || !Number.isInteger(value))
      throw this.problem(name, 'NUMBER_TYPE_COERCE', `Value ${JSON.stringify(value)} is not int.`);
    if (value < least)
      throw this.problem(name, 'NUMBER_TYPE_MIN', `int value should be greater than or equal to ${least}.`);
    if (value > most)
      throw this.problem(name, 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${most}.`);
  }

  boolean(name: string): void {
    const value = this.value(name);
    if (value !== undefined && value !== null && typeof value !== 'boolean')
      throw this.problem(name, 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
  }

  oneOf(name: string, values: readonly unknown[]): void {
    if (!values.includes(this.value(name)))
      throw this.problem(name, 'BASE_TYPE_CHOICES', `Value must be one of (${values.join(', ')}).`);
  }

  /** An object, as a form of its own. Null where it is left out. */
  record(name: string): Form | null {
    const value = this.value(name);
    if (value === undefined || value === null) return null;
    if (!isRecord(value))
      throw this.problem(name, 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    return new Form(value, [...this.path, name]);
  }

  /** A list of `least` to `most` objects, as forms. */
  list(name: string, least: number, most: number): Form[] {
    const value = this.value(name) ?? [];
    if (!Array.isArray(value))
      throw this.problem(name, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
    if (value.length > most && least === 0)
      throw this.problem(name, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
    if (value.length < least || value.length > most) throw this.badLength(name, least, most);
    return value.map((entry: unknown, index) => {
      if (isRecord(entry)) return new Form(entry, [...this.path, name, index]);
      throw invalidForm(
        [...this.path, name, index],
        'MODEL_TYPE_CONVERT',
        'Only dictionaries may be used in a ModelType',
      );
    });
  }

  badLength(name: string, least: number, most: number): RestError {
    return this.problem(name, 'BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`);
  }

  missing(name: string): RestError {
    return this.problem(name, 'BASE_TYPE_REQUIRED', 'This field is required');
  }
}
